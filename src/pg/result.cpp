#include "pg/result.hpp"

extern "C" {
#include "catalog/pg_type.h"
#include "funcapi.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"
#include "utils/timestamp.h"
#include "utils/tuplestore.h"
}

namespace migrate::pg {

void Arguments::require(int i, const char *name) const {
    if (is_null(i))
        call([&] {
            ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
                            errmsg("argument \"%s\" must not be null", name)));
        });
}

std::string Arguments::text(int i, const char *name) const {
    require(i, name);
    return to_string(fcinfo_->args[i].value);
}

std::optional<std::string> Arguments::optional_text(int i) const {
    if (is_null(i)) return std::nullopt;
    return to_string(fcinfo_->args[i].value);
}

Texts Arguments::texts(int i, const char *name) const {
    require(i, name);
    return to_texts(fcinfo_->args[i].value);
}

bool Arguments::boolean(int i, const char *name) const {
    require(i, name);
    return DatumGetBool(fcinfo_->args[i].value);
}

std::int64_t Arguments::bigint(int i, const char *name) const {
    require(i, name);
    return DatumGetInt64(fcinfo_->args[i].value);
}

double Arguments::real(int i, const char *name) const {
    require(i, name);
    return static_cast<double>(DatumGetFloat4(fcinfo_->args[i].value));
}

std::int64_t Arguments::integer(int i, const char *name) const {
    require(i, name);
    return DatumGetInt32(fcinfo_->args[i].value);
}

Oid Arguments::relation(int i, const char *name) const {
    require(i, name);
    return DatumGetObjectId(fcinfo_->args[i].value);
}

std::optional<Duration> Arguments::optional_duration(int i) const {
    if (is_null(i)) return std::nullopt;
    auto const *interval = DatumGetIntervalP(fcinfo_->args[i].value);
    if (interval->month != 0 || interval->day != 0)
        call([] {
            ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
                            errmsg("an interval with days or months is no target time")));
        });
    return Duration{interval->time};
}

std::vector<std::pair<std::string, std::string>> Arguments::json_texts(int i,
                                                                       const char *name) const {
    std::vector<std::pair<std::string, std::string>> members;
    for (auto &[key, value] : json_optional_texts(i, name)) {
        if (!value)
            fail("22023",
                 fmt::format("value of \"{}\" in argument \"{}\" must be a string", key, name));
        members.emplace_back(std::move(key), std::move(*value));
    }
    return members;
}

Arguments::Members Arguments::json_optional_texts(int i, const char *name) const {
    require(i, name);
    Members members;
    JsonbIterator *iterator = call([&] {
        Jsonb *object = DatumGetJsonbP(fcinfo_->args[i].value);
        if (!JB_ROOT_IS_OBJECT(object))
            ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
                            errmsg("argument \"%s\" must be a JSON object", name),
                            errhint("Pass {\"name\": \"text\", ...}.")));
        return JsonbIteratorInit(&object->root);
    });
    JsonbValue value;
    std::string key;
    for (;;) {
        JsonbIteratorToken const token =
            call([&] { return JsonbIteratorNext(&iterator, &value, true); });
        if (token == WJB_DONE) return members;
        if (token == WJB_KEY) {
            key.assign(value.val.string.val, value.val.string.len);
        } else if (token == WJB_VALUE) {
            if (value.type == jbvNull) {
                members.emplace_back(key, std::nullopt);
                continue;
            }
            if (value.type != jbvString)
                call([&] {
                    ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
                                    errmsg("value of \"%s\" in argument \"%s\" must be a string",
                                           key.c_str(), name)));
                });
            members.emplace_back(key, std::string(value.val.string.val, value.val.string.len));
        }
    }
}

ResultSet::ResultSet(FunctionCallInfo fcinfo) {
    call([&] {
        auto *info = reinterpret_cast<ReturnSetInfo *>(fcinfo->resultinfo);
        if (info == nullptr || !IsA(info, ReturnSetInfo) ||
            (info->allowedModes & SFRM_Materialize) == 0)
            ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
                            errmsg("set-valued function called in context that cannot accept a "
                                   "set")));
        MemoryContext const outer = MemoryContextSwitchTo(info->econtext->ecxt_per_query_memory);
        Oid type;
        TypeFuncClass const kind = get_call_result_type(fcinfo, &type, &desc_);
        if (kind == TYPEFUNC_SCALAR) {
            desc_ = CreateTemplateTupleDesc(1);
            TupleDescInitEntry(desc_, 1, "value", type, -1, 0);
        } else if (kind != TYPEFUNC_COMPOSITE) {
            elog(ERROR, "return type must be a scalar or a row type");
        }
        store_ = tuplestore_begin_heap((info->allowedModes & SFRM_Materialize_Random) != 0, false,
                                       work_mem);
        info->returnMode = SFRM_Materialize;
        info->setResult = store_;
        info->setDesc = desc_;
        MemoryContextSwitchTo(outer);
    });
}

void ResultSet::add(const Row &row) {
    ShortMemory const memory;
    constexpr std::size_t kMaxColumns = 32;
    if (row.size() > kMaxColumns || static_cast<int>(row.size()) != desc_->natts)
        throw std::logic_error(fmt::format("{} columns for a row of {}", row.size(), desc_->natts));
    Datum values[kMaxColumns];
    bool nulls[kMaxColumns];
    for (int i = 0; i < desc_->natts; i++) {
        nulls[i] = is_null(row[i]);
        values[i] = nulls[i] ? Datum(0) : to_datum(row[i], TupleDescAttr(desc_, i)->atttypid);
    }
    call([&] { tuplestore_putvalues(store_, desc_, values, nulls); });
}

Datum text_result(const std::string &text) {
    return to_datum(text, TEXTOID);
}

}  // namespace migrate::pg
