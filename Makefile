# Build and install: make && make install. `make demo` and `make test` do all the set-up.
EXTENSION = migrate
DATA = migrate--1.0.sql
MODULE_big = migrate
SOURCES = $(sort $(wildcard src/*/*.cpp))
OBJS = $(SOURCES:.cpp=.o)

PG_CONFIG ?= pg_config
MIGRATE_VERSION := $(shell sed -n "s/^default_version = '\(.*\)'/\1/p" migrate.control)

# PostgreSQL's headers as system headers: the warnings are for our own code.
PG_CPPFLAGS = -isystem $(shell $(PG_CONFIG) --includedir-server) -I$(CURDIR)/src
PG_CXXFLAGS = -std=c++20 -Wall -Wextra -Werror -fvisibility-inlines-hidden -MMD -MP \
	-DMIGRATE_VERSION='"$(MIGRATE_VERSION)"' $(EXTRA_CXXFLAGS)
PG_LDFLAGS = -Wl,--version-script=$(CURDIR)/exports.map
SHLIB_LINK = -lfmt $(EXTRA_LIBS)
EXTRA_CLEAN = $(SOURCES:.cpp=.d) build results regression.diffs regression.out

# The JIT compiler cannot inline what we do; without this a missing clang would break the build.
override with_llvm = no

.DEFAULT_GOAL := all
ifneq ($(filter demo test soak bench setup,$(MAKECMDGOALS)),)
# These install what building needs, so they must work before pg_config is there.
demo test soak bench setup:
	@bin/$@ $(ARGS)
.PHONY: demo test soak bench setup
else
PGXS := $(shell $(PG_CONFIG) --pgxs)
include $(PGXS)
override COMPILER = $(CXX) $(CXXFLAGS)
-include $(SOURCES:.cpp=.d)
endif
