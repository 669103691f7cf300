#include "schema/acl.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace migrate::schema {

namespace {

std::vector<std::string> split(std::string_view text, char at) {
    std::vector<std::string> parts;
    while (true) {
        std::size_t const end = text.find(at);
        parts.emplace_back(text.substr(0, end));
        if (end == std::string_view::npos) return parts;
        text.remove_prefix(end + 1);
    }
}

struct Group {
    std::string grantor;
    std::string grantee;
    bool grantable;
    auto operator<=>(const Group &) const = default;
};
using Groups = std::map<Group, std::vector<std::string>>;

void add_to(Groups &groups, const Privilege &privilege) {
    groups[{privilege.grantor, privilege.grantee, privilege.grantable}].push_back(privilege.word);
}

// The owner's own grants last when revoking, first when granting: the others live off them.
std::vector<const Groups::value_type *> in_order(const Groups &groups, const std::string &owner,
                                                 bool owner_first) {
    std::vector<const Groups::value_type *> list;
    for (const auto &group : groups) list.push_back(&group);
    std::stable_partition(list.begin(), list.end(), [&](const auto *group) {
        return (group->first.grantor == owner) == owner_first;
    });
    return list;
}

class Writer {
 public:
    Writer(const Grantable &on, Script &script) : on_(on), script_(script) {}

    void revoke(const Groups &groups, const char *what) {
        for (const auto *group : in_order(groups, on_.owner, false))
            as(group->first.grantor,
               fmt::format("{}REVOKE {}{} ON {} FROM {}", on_.prefix, what, words(group->second),
                           on_.target, group->first.grantee),
               {{Risk::breaks_code,
                 fmt::format("{} can no longer do this.", group->first.grantee == "PUBLIC"
                                                              ? "Everybody else"
                                                              : group->first.grantee)}});
    }

    void grant(const Groups &groups) {
        for (const auto *group : in_order(groups, on_.owner, true))
            as(group->first.grantor,
               fmt::format("{}GRANT {} ON {} TO {}{}", on_.prefix, words(group->second), on_.target,
                           group->first.grantee,
                           group->first.grantable ? " WITH GRANT OPTION" : ""),
               {});
    }

 private:
    std::string words(std::vector<std::string> list) const {
        std::sort(list.begin(), list.end());
        auto all = all_privileges(on_.letter);
        std::sort(all.begin(), all.end());
        if (list == all) return "ALL" + on_.columns;
        std::string text;
        for (const std::string &word : list)
            text += (text.empty() ? "" : ", ") + word + on_.columns;
        return text;
    }

    // A superuser's or owner's grant counts as the owner's.
    void as(const std::string &grantor, std::string sql, std::vector<Hazard> hazards) {
        bool const other = grantor != on_.owner;
        if (other) script_.add(fmt::format("SET LOCAL ROLE {}", grantor));
        script_.add(std::move(sql), std::move(hazards));
        if (other) script_.add("RESET ROLE");
    }

    const Grantable &on_;
    Script &script_;
};

const Privilege *find(const Acl &acl, const Privilege &like) {
    for (const Privilege &privilege : acl)
        if (privilege.grantor == like.grantor && privilege.grantee == like.grantee &&
            privilege.word == like.word)
            return &privilege;
    return nullptr;
}

}  // namespace

std::vector<std::string> all_privileges(char letter) {
    switch (letter) {
        case 'r':
            return {"SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"};
        case 'c':
            return {"SELECT", "INSERT", "UPDATE", "REFERENCES"};
        case 's':
            return {"SELECT", "UPDATE", "USAGE"};
        case 'n':
            return {"USAGE", "CREATE"};
        case 'f':
            return {"EXECUTE"};
        case 'l':
        case 'T':
        case 'F':
        case 'S':
            return {"USAGE"};
        default:
            return {};
    }
}

Acl parse_acl(const Object &object) {
    Acl acl;
    for (std::string_view const item : object.list("acl")) {
        if (item.empty()) continue;
        auto parts = split(item, kPart);
        parts.resize(4);
        acl.push_back({parts[1], parts[0], parts[2], parts[3] == "*"});
    }
    std::sort(acl.begin(), acl.end());
    return acl;
}

void set_acl(Object &object, const Acl &acl) {
    std::string text;
    for (const Privilege &privilege : acl) {
        if (!text.empty()) text += kSeparator;
        for (const std::string *const part :
             {&privilege.grantee, &privilege.grantor, &privilege.word})
            text += *part + kPart;
        if (privilege.grantable) text += '*';
    }
    object.set("acl", std::move(text));
}

Acl default_acl(char letter, const std::string &owner) {
    Acl acl;
    if (letter != 'c')
        for (std::string &word : all_privileges(letter))
            acl.push_back({owner, owner, std::move(word), false});
    // Functions, types and languages are for everybody.
    if (letter == 'f') acl.push_back({owner, "PUBLIC", "EXECUTE", false});
    if (letter == 'T' || letter == 'l') acl.push_back({owner, "PUBLIC", "USAGE", false});
    std::sort(acl.begin(), acl.end());
    return acl;
}

Acl acl_of(const Object &object) {
    if (object.has("acl")) return parse_acl(object);
    char const letter =
        object.kind == Kind::member ? object.get("letter")[0] : info(object.kind).acl;
    return letter == 0 ? Acl{} : default_acl(letter, object.get("owner"));
}

Acl initial_acl_of_member(const Object &member) {
    Object initial = member;
    initial.set("acl", member.get(".initial"));
    return parse_acl(initial);
}

Acl with_owner(Acl acl, const std::string &from, const std::string &to) {
    for (Privilege &privilege : acl) {
        if (privilege.grantor == from) privilege.grantor = to;
        if (privilege.grantee == from) privilege.grantee = to;
    }
    std::sort(acl.begin(), acl.end());
    // What was said of both is now said twice.
    Acl merged;
    for (Privilege &privilege : acl) {
        if (!merged.empty() && merged.back().grantor == privilege.grantor &&
            merged.back().grantee == privilege.grantee && merged.back().word == privilege.word)
            merged.back().grantable |= privilege.grantable;
        else
            merged.push_back(std::move(privilege));
    }
    return merged;
}

void change_acl(const Grantable &on, const Acl &from, const Acl &to, Script &script) {
    Groups revoked;
    Groups options;
    Groups granted;
    for (const Privilege &have : from) {
        const Privilege *const want = find(to, have);
        if (want == nullptr)
            add_to(revoked, {have.grantor, have.grantee, have.word, false});
        else if (have.grantable && !want->grantable)
            add_to(options, {have.grantor, have.grantee, have.word, false});
    }
    for (const Privilege &want : to) {
        const Privilege *const have = find(from, want);
        if (have == nullptr || (want.grantable && !have->grantable)) add_to(granted, want);
    }
    Writer writer(on, script);
    writer.revoke(options, "GRANT OPTION FOR ");
    writer.revoke(revoked, "");
    writer.grant(granted);
}

}  // namespace migrate::schema
