#include "pg/aside.hpp"

extern "C" {
#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "catalog/catalog.h"
#include "catalog/dependency.h"
#include "catalog/indexing.h"
#include "catalog/namespace.h"
#include "catalog/objectaddress.h"
#include "catalog/pg_attribute.h"
#include "catalog/pg_authid.h"
#include "catalog/pg_class.h"
#include "catalog/pg_enum.h"
#include "catalog/pg_event_trigger.h"
#include "catalog/pg_extension.h"
#include "catalog/pg_init_privs.h"
#include "catalog/pg_namespace.h"
#include "catalog/pg_opclass.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "commands/comment.h"
#include "commands/event_trigger.h"
#include "commands/trigger.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/syscache.h"
}

namespace migrate::pg {

namespace {

// Replaces one column of a catalog's row and returns what was there.
Datum replace_in_row(Relation relation, HeapTuple tuple, AttrNumber column, Datum value,
                     bool null) {
    bool was_null = false;
    Datum const before = heap_getattr(tuple, column, RelationGetDescr(relation), &was_null);
    int const width = RelationGetNumberOfAttributes(relation);
    auto *values = static_cast<Datum *>(palloc0(sizeof(Datum) * static_cast<Size>(width)));
    auto *nulls = static_cast<bool *>(palloc0(sizeof(bool) * static_cast<Size>(width)));
    auto *replaced = static_cast<bool *>(palloc0(sizeof(bool) * static_cast<Size>(width)));
    values[column - 1] = value;
    nulls[column - 1] = null;
    replaced[column - 1] = true;
    HeapTuple const changed =
        heap_modify_tuple(tuple, RelationGetDescr(relation), values, nulls, replaced);
    CatalogTupleUpdate(relation, &tuple->t_self, changed);
    return before;
}

Datum replace_column(Oid catalog, Oid object, AttrNumber column, Datum value, bool null) {
    Relation const relation = table_open(catalog, RowExclusiveLock);
    HeapTuple const tuple =
        get_catalog_object_by_oid(relation, get_object_attnum_oid(catalog), object);
    Datum before = Datum(0);
    if (HeapTupleIsValid(tuple)) before = replace_in_row(relation, tuple, column, value, null);
    table_close(relation, RowExclusiveLock);
    return before;
}

void replace_privileges_of_column(Oid table, int number, Datum value, bool null) {
    Relation const relation = table_open(AttributeRelationId, RowExclusiveLock);
    HeapTuple const tuple = SearchSysCacheCopy2(ATTNUM, ObjectIdGetDatum(table),
                                                Int16GetDatum(static_cast<int16>(number)));
    if (HeapTupleIsValid(tuple))
        replace_in_row(relation, tuple, Anum_pg_attribute_attacl, value, null);
    table_close(relation, RowExclusiveLock);
}

void move_one(Oid catalog, Oid object, Oid schema) {
    AttrNumber const column = get_object_attnum_namespace(catalog);
    if (column == InvalidAttrNumber) return;
    Oid const before =
        DatumGetObjectId(replace_column(catalog, object, column, ObjectIdGetDatum(schema), false));
    changeDependencyFor(catalog, object, NamespaceRelationId, before, schema);
}

void move_type(Oid type, Oid schema) {
    if (!OidIsValid(type)) return;
    move_one(TypeRelationId, type, schema);
    if (Oid const array = get_array_type(type); OidIsValid(array))
        move_one(TypeRelationId, array, schema);
}

void move_extension(Oid extension, Oid schema) {
    Oid const before = DatumGetObjectId(replace_column(ExtensionRelationId, extension,
                                                       Anum_pg_extension_extnamespace,
                                                       ObjectIdGetDatum(schema), false));
    changeDependencyFor(ExtensionRelationId, extension, NamespaceRelationId, before, schema);
}

void move_relation(Oid relation, Oid schema) {
    move_one(RelationRelationId, relation, schema);
    move_type(get_rel_type_id(relation), schema);
    // Its indexes have their names beside it.
    Relation const index = table_open(IndexRelationId, AccessShareLock);
    ScanKeyData key;
    ScanKeyInit(&key, Anum_pg_index_indrelid, BTEqualStrategyNumber, F_OIDEQ,
                ObjectIdGetDatum(relation));
    SysScanDesc const scan =
        systable_beginscan(index, IndexIndrelidIndexId, true, nullptr, 1, &key);
    while (HeapTuple const tuple = systable_getnext(scan))
        move_one(RelationRelationId, reinterpret_cast<Form_pg_index>(GETSTRUCT(tuple))->indexrelid,
                 schema);
    systable_endscan(scan);
    table_close(index, AccessShareLock);
}

// The privileges that pg_init_privs keeps; null: none are kept.
Datum initial_privileges(Oid catalog, Oid object, int part, bool *null) {
    Datum result = Datum(0);
    *null = true;
    Relation const relation = table_open(InitPrivsRelationId, AccessShareLock);
    ScanKeyData keys[3];
    ScanKeyInit(&keys[0], Anum_pg_init_privs_objoid, BTEqualStrategyNumber, F_OIDEQ,
                ObjectIdGetDatum(object));
    ScanKeyInit(&keys[1], Anum_pg_init_privs_classoid, BTEqualStrategyNumber, F_OIDEQ,
                ObjectIdGetDatum(catalog));
    ScanKeyInit(&keys[2], Anum_pg_init_privs_objsubid, BTEqualStrategyNumber, F_INT4EQ,
                Int32GetDatum(part));
    SysScanDesc const scan =
        systable_beginscan(relation, InitPrivsObjIndexId, true, nullptr, 3, keys);
    if (HeapTuple const tuple = systable_getnext(scan)) {
        Datum const value =
            heap_getattr(tuple, Anum_pg_init_privs_initprivs, RelationGetDescr(relation), null);
        if (!*null) result = PointerGetDatum(DatumGetAclPCopy(value));
    }
    systable_endscan(scan);
    table_close(relation, AccessShareLock);
    return result;
}

// What ALTER DEFAULT PRIVILEGES knows it as; false: nothing.
bool find_object_type(Oid catalog, Oid object, ObjectType &type) {
    switch (catalog) {
        case ProcedureRelationId:
            type = OBJECT_FUNCTION;
            return true;
        case NamespaceRelationId:
            type = OBJECT_SCHEMA;
            return true;
        case TypeRelationId:
            type = OBJECT_TYPE;
            return !OidIsValid(get_element_type(object)) && !type_is_rowtype(object);
        case RelationRelationId:
            switch (get_rel_relkind(object)) {
                case RELKIND_SEQUENCE:
                    type = OBJECT_SEQUENCE;
                    return true;
                case RELKIND_RELATION:
                case RELKIND_PARTITIONED_TABLE:
                case RELKIND_FOREIGN_TABLE:
                case RELKIND_VIEW:
                case RELKIND_MATVIEW:
                    type = OBJECT_TABLE;
                    return true;
                default:
                    return false;
            }
        default:
            return false;
    }
}

Oid oid_column(Oid catalog, Oid object, AttrNumber column) {
    if (column == InvalidAttrNumber) return InvalidOid;
    Relation const relation = table_open(catalog, AccessShareLock);
    HeapTuple const tuple =
        get_catalog_object_by_oid(relation, get_object_attnum_oid(catalog), object);
    Oid value = InvalidOid;
    bool null = false;
    if (HeapTupleIsValid(tuple))
        value = DatumGetObjectId(heap_getattr(tuple, column, RelationGetDescr(relation), &null));
    table_close(relation, AccessShareLock);
    return value;
}

}  // namespace

void rename_entry(Oid catalog, Oid object, const std::string &name) {
    call([&] {
        NameData data;
        namestrcpy(&data, name.c_str());
        replace_column(catalog, object, get_object_attnum_name(catalog), NameGetDatum(&data),
                       false);
    });
}

void move_entry(Oid catalog, Oid object, Oid schema) {
    call([&] {
        if (catalog == RelationRelationId)
            move_relation(object, schema);
        else if (catalog == TypeRelationId)
            move_type(object, schema);
        else if (catalog == ExtensionRelationId)
            move_extension(object, schema);
        else
            move_one(catalog, object, schema);
    });
}

void remove_entry(Oid catalog, Oid object) {
    call([&] {
        Relation const relation = table_open(catalog, RowExclusiveLock);
        HeapTuple const tuple =
            get_catalog_object_by_oid(relation, get_object_attnum_oid(catalog), object);
        if (HeapTupleIsValid(tuple)) CatalogTupleDelete(relation, &tuple->t_self);
        table_close(relation, RowExclusiveLock);
    });
}

void reset_privileges(Oid catalog, Oid object, int part) {
    call([&] {
        AttrNumber const column = get_object_attnum_acl(catalog);
        if (column == InvalidAttrNumber) return;
        bool null = true;
        Datum const value = initial_privileges(catalog, object, part, &null);
        if (part != 0)
            replace_privileges_of_column(object, part, value, null);
        else
            replace_column(catalog, object, column, value, null);
    });
}

void give_default_privileges(Oid catalog, Oid object) {
    call([&] {
        ObjectType type;
        if (!find_object_type(catalog, object, type)) return;
        Acl *const acl = get_user_default_acl(
            type, oid_column(catalog, object, get_object_attnum_owner(catalog)),
            oid_column(catalog, object, get_object_attnum_namespace(catalog)));
        bool null = true;
        if (acl == nullptr) return;
        (void)initial_privileges(catalog, object, 0, &null);
        if (null)
            replace_column(catalog, object, get_object_attnum_acl(catalog), PointerGetDatum(acl),
                           false);
    });
}

void forget_default(Oid operator_class) {
    call([&] {
        replace_column(OperatorClassRelationId, operator_class, Anum_pg_opclass_opcdefault,
                       BoolGetDatum(false), false);
    });
}

void disable_event_trigger(Oid object) {
    call([&] {
        replace_column(EventTriggerRelationId, object, Anum_pg_event_trigger_evtenabled,
                       CharGetDatum(TRIGGER_DISABLED), false);
    });
}

namespace {

Acl *usable_by_all(Oid owner) {
    AclItem item{};
    item.ai_grantee = ACL_ID_PUBLIC;
    item.ai_grantor = owner;
    ACLITEM_SET_PRIVS_GOPTIONS(item, kMajorVersion < 15 ? ACL_USAGE | ACL_CREATE : ACL_USAGE,
                               ACL_NO_RIGHTS);
    return aclupdate(acldefault(OBJECT_SCHEMA, owner), &item, ACL_MODECHG_ADD, owner,
                     DROP_RESTRICT);
}

}  // namespace

Oid make_schema(const std::string &name, Oid like) {
    return call([&] {
        Oid owner = ROLE_PG_DATABASE_OWNER;
        bool null = true;
        Datum privileges = Datum(0);
        if (OidIsValid(like)) {
            HeapTuple const tuple = SearchSysCache1(NAMESPACEOID, ObjectIdGetDatum(like));
            if (!HeapTupleIsValid(tuple)) elog(ERROR, "cache lookup failed for schema %u", like);
            owner = reinterpret_cast<Form_pg_namespace>(GETSTRUCT(tuple))->nspowner;
            Datum const value =
                SysCacheGetAttr(NAMESPACEOID, tuple, Anum_pg_namespace_nspacl, &null);
            if (!null) privileges = PointerGetDatum(DatumGetAclPCopy(value));
            ReleaseSysCache(tuple);
        } else {
            if (kMajorVersion < 15) owner = BOOTSTRAP_SUPERUSERID;
            privileges = initial_privileges(NamespaceRelationId, PG_PUBLIC_NAMESPACE, 0, &null);
            if (null) {  // it went with the schema that initdb has made
                privileges = PointerGetDatum(usable_by_all(owner));
                null = false;
            }
        }
        Oid const schema = NamespaceCreate(name.c_str(), owner, false);
        CommandCounterIncrement();
        if (!null)
            replace_column(NamespaceRelationId, schema, Anum_pg_namespace_nspacl, privileges,
                           false);
        CommandCounterIncrement();
        return schema;
    });
}

void close_schema(Oid schema) {
    call([&] {
        Acl *const nobody = make_empty_acl();
        replace_column(NamespaceRelationId, schema, Anum_pg_namespace_nspacl,
                       PointerGetDatum(nobody), false);
        CommandCounterIncrement();
        replace_column(NamespaceRelationId, schema, Anum_pg_namespace_nspowner,
                       ObjectIdGetDatum(BOOTSTRAP_SUPERUSERID), false);
        CommandCounterIncrement();
    });
}

Oid schema_catalog() {
    return NamespaceRelationId;
}

Oid find_schema(const std::string &name) {
    return call([&] { return get_namespace_oid(name.c_str(), true); });
}

bool may_create_in(Oid schema) {
    return call([&] { return compat::may_create_in_schema(schema, GetUserId()); });
}

std::string current_schema() {
    const char *const name = call([]() -> const char * {
        List *const path = fetch_search_path(false);
        return path == NIL ? nullptr : get_namespace_name(linitial_oid(path));
    });
    return name == nullptr ? std::string() : std::string(name);
}

void set_comment(Oid catalog, Oid object, const std::string &comment) {
    call([&] { CreateComments(object, catalog, 0, comment.empty() ? nullptr : comment.c_str()); });
}

void show_changes() {
    call([] { CommandCounterIncrement(); });
}

void allow_new_enum_values() {
    // What the server remembers of them goes with the transaction's memory.
    call([] { AtEOXact_Enum(); });
}

}  // namespace migrate::pg
