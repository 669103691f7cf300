#include "schema/conversion.hpp"

#include <fmt/format.h>

#include "schema/render.hpp"
#include "schema/sql.hpp"

namespace migrate::schema {

namespace {

class Converter {
 public:
    Converter(const World &before, const World &after, const Casts &casts, bool renewed)
        : before_(before), after_(after), casts_(casts), renewed_(renewed) {}

    Conversion convert(const Object &from, const Object &to) {
        std::string const &old = from.get("type");
        std::string const &type = to.get("type");
        if (!renewed_ && has_cast(old, type))
            result_.value = fmt::format("{}::{}", to.name, type);
        else
            result_.value = value(to.name, old, type);
        std::string const base = behind_domain(before_, old);
        std::string const now = behind_domain(after_, type);
        result_.rounds = result_.rounds || rounds(base, now);
        result_.fails = result_.fails || renewed_ || !widens(old, type);
        return std::move(result_);
    }

 private:
    static std::string behind_domain(const World &world, const std::string &type) {
        Ref const domain = world.snapshot().find(Kind::domain, type);
        return domain == kNone ? type : behind_domain(world, world[domain].get("type"));
    }

    static Ref composite(const World &world, const std::string &type) {
        return world.snapshot().find(Kind::composite, behind_domain(world, type));
    }

    static std::vector<Ref> attributes(const World &world, Ref type) {
        std::vector<Ref> list;
        for (Ref const child : world.children(type))
            if (world[child].kind == Kind::attribute) list.push_back(child);
        return list;
    }

    bool has_cast(const std::string &from, const std::string &to) const {
        return after_.snapshot().find(Kind::cast, fmt::format("({} AS {})", from, to)) != kNone;
    }

    // Rows whose text the new type does not read as it was meant: it knows attributes by place
    // only.
    bool has_another_shape(const std::string &old_type, const std::string &new_type) const {
        if (!renewed_) return false;
        std::string const from = behind_domain(before_, old_type);
        std::string const to = behind_domain(after_, new_type);
        if (is_array(from) && is_array(to))
            return has_another_shape(element_of(from), element_of(to));
        Ref const old = composite(before_, from);
        Ref const now = composite(after_, to);
        if (old == kNone || now == kNone || before_[old].identity != after_[now].identity)
            return false;
        std::vector<Ref> const a = attributes(before_, old);
        std::vector<Ref> const b = attributes(after_, now);
        if (a.size() != b.size()) return true;
        for (std::size_t i = 0; i < a.size(); i++) {
            const Object &then = before_[a[i]];
            const Object &recent = after_[b[i]];
            if (then.name != recent.name || !same(then, recent, "type") ||
                has_another_shape(then.get("type"), recent.get("type")))
                return true;
        }
        return false;
    }

    std::string value(const std::string &x, const std::string &from, const std::string &to) {
        std::string const old = behind_domain(before_, from);
        std::string const now = behind_domain(after_, to);
        if (has_another_shape(old, now))
            return is_array(old) ? call(element_of(old), element_of(now), x)
                                 : row(x, composite(before_, old), composite(after_, now));
        if (is_array(now) && is_one(from, element_of(now)))
            return fmt::format("CASE WHEN {} THEN ARRAY[{}] END", is_given(x, old),
                               whole(x, from, element_of(now)));
        if (is_array(old) && is_one(element_of(old), to)) {
            result_.rounds = true;  // others are lost
            if (renewed_ && !is_builtin(old) && !has_another_shape(element_of(old), to))
                return fmt::format("({}::text::{}[])[1]", x, to);
            return value_or_itself(fmt::format("({})[1]", x), element_of(old), to);
        }
        bool const users = !is_builtin(old) || !is_builtin(now);
        if (renewed_ && users) return by_text(x, old, now);
        if (casts_.assigns(old, now)) return {};
        if (casts_.converts(old, now)) return fmt::format("{}::{}", x, now);
        if (std::string_view const between = casts_.between(old, now); !between.empty())
            return fmt::format("{}::{}::{}", x, between, now);
        return by_text(x, old, now);
    }

    // Whether an array has elements of this type, but for their names.
    bool is_one(const std::string &type, const std::string &element) const {
        return !is_array(type) &&
               (type == element || behind_domain(before_, type) == behind_domain(after_, element));
    }

    static std::string by_text(const std::string &x, const std::string &from,
                               const std::string &to) {
        return from == "text" || base_type(to) == "text" || base_type(to) == "character varying"
                   ? fmt::format("{}::{}", x, to)
                   : fmt::format("{}::text::{}", x, to);
    }

    std::string value_or_itself(const std::string &x, const std::string &from,
                                const std::string &to) {
        std::string text = value(x, from, to);
        return text.empty() ? x : text;
    }

    // The same where nothing else casts it.
    std::string whole(const std::string &x, const std::string &from, const std::string &to) {
        std::string text = value_or_itself(x, from, to);
        if ((from == to && !renewed_) || text.ends_with("::" + to)) return text;
        return fmt::format("{}::{}", text, to);
    }

    // Attribute by attribute, by their names.
    std::string row(const std::string &x, Ref from, Ref to) {
        std::vector<std::string> values;
        for (Ref const ref : attributes(before_, from))
            if (after_.column(to, before_[ref].name) == kNone) result_.rounds = true;
        for (Ref const ref : attributes(after_, to)) {
            const Object &attribute = after_[ref];
            Ref const old = before_.column(from, attribute.name);
            std::string const field = fmt::format("({}).{}", x, attribute.name);
            if (old == kNone) {
                values.push_back("NULL");
                continue;
            }
            std::string const &type = before_[old].get("type");
            std::string const &now = attribute.get("type");
            if (type == now && before_[old].needs.empty()) {
                values.push_back(field);
                continue;
            }
            values.push_back(value_or_itself(field, type, now));
            note_cast(behind_domain(before_, type), behind_domain(after_, now));
        }
        return fmt::format("CASE WHEN {} THEN ROW({})::{} END", is_given(x, before_[from].identity),
                           fmt::join(values, ", "), after_[to].identity);
    }

    // A row with a null in it is neither null nor not.
    std::string is_given(const std::string &x, const std::string &type) const {
        return x + (composite(before_, type) == kNone ? " IS NOT NULL" : " IS DISTINCT FROM NULL");
    }

    // ROW(...)::type casts explicitly: that cuts what is too long.
    void note_cast(const std::string &from, const std::string &to) {
        if (widens(from, to)) return;
        bool const cuts = base_type(from) == base_type(to) || to.starts_with("character");
        result_.rounds = result_.rounds || cuts || schema::rounds(from, to);
        result_.fails = result_.fails || !cuts;
    }

    std::string aside_of(const std::string &type) const {
        for (Kind const kind : {Kind::domain, Kind::composite})
            if (Ref const ref = before_.snapshot().find(kind, type); ref != kNone)
                return identity_aside(before_[ref]);
        return type;
    }

    // USING has no subqueries, so that a function has to go through an array.
    std::string call(const std::string &from, const std::string &to, const std::string &x) {
        std::string const old = aside_of(from);
        std::size_t const end = last_part(from);
        std::string const name =
            from.substr(0, end) + suffixed(from.substr(end), fmt::format("_converted{}", ++count_));
        std::string const element = whole("$1[i]", from, to);
        result_.functions.push_back(
            {fmt::format("CREATE FUNCTION {0}({1}[]) RETURNS {2}[] LANGUAGE sql STRICT AS "
                         "$convert$\n"
                         "SELECT CASE WHEN pg_catalog.array_ndims($1) > 1\n"
                         "    THEN ($1::text || ' has more than one dimension')::{2}[]\n"
                         "    ELSE COALESCE((SELECT pg_catalog.array_agg({3} ORDER BY i)\n"
                         "        FROM pg_catalog.generate_subscripts($1, 1) AS i), '{{}}') END\n"
                         "$convert$",
                         name, old, to, element),
             fmt::format("DROP FUNCTION {}({}[])", name, old)});
        result_.fails = true;
        return fmt::format("{}({})", name, x);
    }

    const World &before_;
    const World &after_;
    const Casts &casts_;
    bool const renewed_;
    int count_ = 0;
    Conversion result_;
};

}  // namespace

Conversion convert_column(const World &before, const Object &from, const World &after,
                          const Object &to, const Casts &casts, bool renewed) {
    return Converter(before, after, casts, renewed).convert(from, to);
}

}  // namespace migrate::schema
