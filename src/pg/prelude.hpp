// The one place where PostgreSQL's headers come in. C++ and fmt first: on servers without NLS c.h
// turns gettext into a macro, which <locale> and its users do not survive.
#pragma once

#include <fmt/format.h>
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <exception>
#include <functional>
#include <memory>
#include <new>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

extern "C" {
#include "postgres.h"

#include "fmgr.h"
#include "miscadmin.h"
#include "utils/elog.h"
#include "utils/memutils.h"
}

#include "pg/compat.hpp"
