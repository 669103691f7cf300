// The schema as the migrations have left it, kept with the ledger: what is different from it was
// made by somebody else.
#pragma once

#include "engine/snapshot.hpp"
#include "engine/store.hpp"
#include "schema/filter.hpp"

namespace migrate::engine {

// The schema that the current transaction sees, as it is recorded and compared: read with settings
// of our own, so that whoever asks sees the same, and without what not everybody may see (user
// mappings and subscriptions). Locks that the reading takes are given back.
schema::Snapshot read_recordable(const ReadOptions &options = {});
schema::Filter unrecordable();  // what is left out
// Whether it is as recorded, without knowing what depends on what: for that is half of the work.
bool is_as_recorded(View view);

// Whether there is a record, and of the revisions that are applied now. There is none before the
// first run; it is behind after a run that crashed on its way, or that did not keep it.
struct RecordState {
    bool exists = false;
    bool current = false;
};
RecordState read_record_state(View view);

// Whether there should be a record of what is applied, and there is none.
bool is_record_behind(View view);

schema::Snapshot read_record(View view);

// Brings the record up to date with what happens between its two calls, and with nothing else: what
// was different before stays different, unless it is changed again.
class SchemaKeeper {
 public:
    // Looks at the schema before anything of the run is done.
    SchemaKeeper();
    // Since `before`, which was read at an earlier time.
    explicit SchemaKeeper(const schema::Snapshot &before);
    // Takes the schema for what the migrations made, whatever was recorded. `always`: also where
    // migrate.track_drift is off.
    static SchemaKeeper whole(bool always = false);
    SchemaKeeper(SchemaKeeper &&);
    ~SchemaKeeper();

    // Writes what has changed, in the current transaction; the ledger has been written. The run
    // lock is held. Where others hold locks for too long, only a WARNING; the record is behind
    // then.
    void keep();

 private:
    struct State;
    explicit SchemaKeeper(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace migrate::engine
