#include "engine/other_database.hpp"

#include "engine/snapshot.hpp"
#include "pg/background.hpp"
#include "pg/session.hpp"
#include "schema/text.hpp"

namespace migrate::engine {

schema::Snapshot read_other_database(const std::string &name) {
    pg::Worker worker("migrate_reader_main", {}, true, pg::find_database(name));
    worker.wait();
    return schema::snapshot_of_text(worker.take_text());
}

void reader_main(Datum argument) {
    pg::WorkerProcess process(argument);
    pg::in_transaction([&] {
        pg::report_activity("reading the schema for another database");
        process.say_text(to_text(read_snapshot().snapshot));
    });
}

}  // namespace migrate::engine
