#include "pg/definitions.hpp"

extern "C" {
#include "access/htup_details.h"
#include "catalog/pg_opclass.h"
#include "commands/defrem.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/syscache.h"
}

namespace migrate::pg {

namespace {

// A function of SQL that may give NULL.
template <class... Arguments>
const char *text_or_null(PGFunction function, Arguments... arguments) {
    LOCAL_FCINFO(info, sizeof...(Arguments));
    InitFunctionCallInfoData(*info, nullptr, sizeof...(Arguments), InvalidOid, nullptr, nullptr);
    int i = 0;
    ((info->args[i].value = arguments, info->args[i].isnull = false, i++), ...);
    Datum const result = function(info);
    return info->isnull ? nullptr : TextDatumGetCString(result);
}

}  // namespace

const char *constraint_definition(Oid constraint) {
    return call([&] { return text_or_null(pg_get_constraintdef, ObjectIdGetDatum(constraint)); });
}

const char *index_definition(Oid index) {
    return call([&] { return text_or_null(pg_get_indexdef, ObjectIdGetDatum(index)); });
}

const char *expression(const char *tree, Oid relation) {
    return call([&] {
        return text_or_null(pg_get_expr, CStringGetTextDatum(tree), ObjectIdGetDatum(relation));
    });
}

std::string type_name(Oid type, int modifier) {
    return call([&] { return format_type_extended(type, modifier, FORMAT_TYPE_TYPEMOD_GIVEN); });
}

bool is_default_class(Oid operator_class, Oid type) {
    return call([&] {
        HeapTuple const tuple = SearchSysCache1(CLAOID, ObjectIdGetDatum(operator_class));
        if (!HeapTupleIsValid(tuple)) return false;
        Oid const method = reinterpret_cast<Form_pg_opclass>(GETSTRUCT(tuple))->opcmethod;
        ReleaseSysCache(tuple);
        return GetDefaultOpClass(type, method) == operator_class;
    });
}

}  // namespace migrate::pg
