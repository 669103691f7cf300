// What the server looks up when it loads the library.
#include "engine/backfill.hpp"
#include "engine/host.hpp"
#include "engine/other_database.hpp"
#include "pg/at_commit.hpp"
#include "pg/guard.hpp"
#include "pg/launcher.hpp"
#include "pg/settings.hpp"

extern "C" {

#ifdef PG_MODULE_MAGIC_EXT
PG_MODULE_MAGIC_EXT(.name = "migrate", .version = MIGRATE_VERSION);
#else
PG_MODULE_MAGIC;
#endif

PGDLLEXPORT void _PG_init(void);
PGDLLEXPORT void migrate_worker_main(Datum argument);
PGDLLEXPORT void migrate_recorder_main(Datum argument);
PGDLLEXPORT void migrate_reader_main(Datum argument);
PGDLLEXPORT void migrate_queued_main(Datum argument);
PGDLLEXPORT void migrate_launcher_main(Datum argument);
PGDLLEXPORT void migrate_visitor_main(Datum argument);
PGDLLEXPORT void migrate_backfill_helper_main(Datum argument);

void _PG_init(void) {
    migrate::pg::enter([] {
        migrate::pg::define_settings();
        migrate::pg::watch_transactions();
        migrate::pg::register_launcher("migrate_launcher_main", "migrate_visitor_main");
    });
}

void migrate_worker_main(Datum argument) {
    migrate::pg::enter([&] { migrate::engine::worker_main(argument); });
}

void migrate_recorder_main(Datum argument) {
    migrate::pg::enter([&] { migrate::engine::recorder_main(argument); });
}

void migrate_reader_main(Datum argument) {
    migrate::pg::enter([&] { migrate::engine::reader_main(argument); });
}

void migrate_queued_main(Datum) {
    migrate::pg::enter([] { migrate::engine::queued_main(); });
}

void migrate_launcher_main(Datum) {
    migrate::pg::enter([] { migrate::pg::launcher_main(); });
}

void migrate_visitor_main(Datum argument) {
    migrate::pg::enter([&] { migrate::engine::visitor_main(argument); });
}

void migrate_backfill_helper_main(Datum argument) {
    migrate::pg::enter([&] { migrate::engine::backfill_helper_main(argument); });
}
}
