#include "pg/datum.hpp"

extern "C" {
#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"
}

namespace migrate::pg {

namespace {

Datum text_datum(const std::string &text) {
    return call([&] {
        return PointerGetDatum(
            cstring_to_text_with_len(text.data(), static_cast<int>(text.size())));
    });
}

Datum texts_datum(const Texts &texts) {
    auto *elements = static_cast<Datum *>(
        call([&] { return palloc(sizeof(Datum) * std::max<std::size_t>(texts.size(), 1)); }));
    for (std::size_t i = 0; i < texts.size(); i++) elements[i] = text_datum(texts[i]);
    return call([&] {
        return PointerGetDatum(construct_array(elements, static_cast<int>(texts.size()), TEXTOID,
                                               -1, false, TYPALIGN_INT));
    });
}

Datum interval_datum(Duration interval) {
    return call([&] {
        auto *result = static_cast<::Interval *>(palloc0(sizeof(::Interval)));
        result->time = interval.microseconds;
        return IntervalPGetDatum(result);
    });
}

[[noreturn]] void unsupported(Oid type) {
    throw std::runtime_error(fmt::format("no conversion for type {}", type));
}

}  // namespace

ShortMemory::ShortMemory()
    : outer_(CurrentMemoryContext), own_(nullptr), exceptions_(std::uncaught_exceptions()) {
    own_ = call([] {
        return AllocSetContextCreate(CurrentMemoryContext, "migrate row", ALLOCSET_SMALL_SIZES);
    });
    MemoryContextSwitchTo(own_);
}

ShortMemory::~ShortMemory() {
    MemoryContextSwitchTo(outer_);
    if (std::uncaught_exceptions() == exceptions_) MemoryContextDelete(own_);
}

Value optional_text(const std::optional<std::string> &text) {
    return text ? Value(*text) : Value();
}

Datum to_datum(const Value &value, Oid type) {
    switch (type) {
        case BOOLOID:
            return BoolGetDatum(std::get<bool>(value));
        case INT4OID:
            return Int32GetDatum(static_cast<int32>(std::get<std::int64_t>(value)));
        case INT8OID:
            return call([&] { return Int64GetDatum(std::get<std::int64_t>(value)); });
        case TEXTOID:
        case BYTEAOID:  // the same layout
            return text_datum(type == TEXTOID ? std::get<std::string>(value)
                                              : std::get<Bytes>(value).data);
        case TEXTARRAYOID:
            return texts_datum(std::get<Texts>(value));
        case TIMESTAMPTZOID:
            return call([&] { return TimestampTzGetDatum(std::get<Instant>(value).microseconds); });
        case INTERVALOID:
            return interval_datum(std::get<Duration>(value));
        default:
            unsupported(type);
    }
}

std::string to_string(Datum datum) {
    struct varlena *packed = call([&] {
        return pg_detoast_datum_packed(reinterpret_cast<struct varlena *>(DatumGetPointer(datum)));
    });
    std::string result(VARDATA_ANY(packed), VARSIZE_ANY_EXHDR(packed));
    if (PointerGetDatum(packed) != datum) pfree(packed);
    return result;
}

Texts to_texts(Datum datum) {
    Datum *elements = nullptr;
    bool *nulls = nullptr;
    int count = 0;
    call([&] {
        ArrayType *array = DatumGetArrayTypeP(datum);
        if (ARR_NDIM(array) > 1)
            ereport(ERROR, (errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
                            errmsg("expected a one-dimensional array of text")));
        deconstruct_array(array, TEXTOID, -1, false, TYPALIGN_INT, &elements, &nulls, &count);
        for (int i = 0; i < count; i++)
            if (nulls[i])
                ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
                                errmsg("array element must not be null")));
    });
    Texts result;
    result.reserve(count);
    for (int i = 0; i < count; i++) result.push_back(to_string(elements[i]));
    return result;
}

Value from_datum(Datum datum, Oid type) {
    switch (type) {
        case BOOLOID:
            return DatumGetBool(datum);
        case INT4OID:
            return static_cast<std::int64_t>(DatumGetInt32(datum));
        case INT8OID:
            return static_cast<std::int64_t>(DatumGetInt64(datum));
        case TEXTOID:
            return to_string(datum);
        case BYTEAOID:
            return Bytes{to_string(datum)};
        case TEXTARRAYOID:
            return to_texts(datum);
        case TIMESTAMPTZOID:
            return Instant{DatumGetTimestampTz(datum)};
        case INTERVALOID:
            return Duration{DatumGetIntervalP(datum)->time};
        default:
            unsupported(type);
    }
}

}  // namespace migrate::pg
