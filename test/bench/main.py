"""The measures of bin/bench, which runs this inside a private cluster."""

import argparse
import os
import platform
import sys

import applying
import backfill
import database
import graph
import index
import load
import measure
import schema

MEASURES = {f.__name__: f for f in (applying.apply, applying.peers, applying.online,
                                    applying.statements, graph.noop, graph.plan, graph.load,
                                    index.index, backfill.backfill, load.load,
                                    schema.schema)}


def main():
    parser = argparse.ArgumentParser(prog="bin/bench")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("measures", nargs="*", metavar="MEASURE")
    arguments = parser.parse_args()
    for name in arguments.measures:
        if name not in MEASURES:
            parser.error(f"no such measure: {name} (there are: {', '.join(MEASURES)})")
    if arguments.list:
        for name, function in MEASURES.items():
            print(f"{name:<11} {function.__doc__}")
        return
    connection = database.connect("postgres")
    version = database.query(connection, "SHOW server_version")
    connection.close()
    print(f"PostgreSQL {version}, {os.cpu_count()} processors, {platform.machine()}, "
          f"{arguments.rounds} rounds, scale {arguments.scale:g}")
    options = measure.Options(max(1, arguments.rounds), arguments.scale)
    measure.print_head()
    for name in arguments.measures or MEASURES:
        MEASURES[name](options)


if __name__ == "__main__":
    sys.dont_write_bytecode = True
    main()
