#include "core/node.hpp"

#include <algorithm>

namespace migrate::core {

bool NodeSet::insert(Node n) {
    if (n >= bits_.size()) bits_.resize(std::size_t{n} + 1, false);
    if (bits_[n]) return false;
    bits_[n] = true;
    ++size_;
    return true;
}

bool NodeSet::erase(Node n) {
    if (!contains(n)) return false;
    bits_[n] = false;
    --size_;
    return true;
}

Nodes NodeSet::nodes() const {
    Nodes out;
    out.reserve(size_);
    for (std::size_t n = 0; n < bits_.size(); ++n)
        if (bits_[n]) out.push_back(static_cast<Node>(n));
    return out;
}

bool NodeSet::operator==(const NodeSet &other) const {
    if (size_ != other.size_) return false;
    const std::size_t common = std::min(bits_.size(), other.bits_.size());
    for (std::size_t n = 0; n < common; ++n)
        if (bits_[n] != other.bits_[n]) return false;
    // Equal sizes and equal common parts leave no members beyond them on one side only.
    for (std::size_t n = common; n < bits_.size(); ++n)
        if (bits_[n]) return false;
    return true;
}

NodeSet make_set(std::size_t universe, NodeView nodes) {
    NodeSet set(universe);
    for (Node n : nodes) set.insert(n);
    return set;
}

Nodes unique(NodeView nodes) {
    Nodes out(nodes.begin(), nodes.end());
    if (out.size() < 2) return out;
    if (out.size() <= 16) {
        auto end = out.begin();
        for (Node n : nodes)
            if (std::find(out.begin(), end, n) == end) *end++ = n;
        out.erase(end, out.end());
        return out;
    }
    Nodes sorted = out;
    std::sort(sorted.begin(), sorted.end());
    sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
    if (sorted.size() == out.size()) return out;
    std::vector<bool> seen(sorted.size(), false);
    auto keep = [&](Node n) {
        const auto at = static_cast<std::size_t>(std::lower_bound(sorted.begin(), sorted.end(), n) -
                                                 sorted.begin());
        if (seen[at]) return false;
        seen[at] = true;
        return true;
    };
    std::erase_if(out, [&](Node n) { return !keep(n); });
    return out;
}

void Edges::append(NodeView targets) {
    targets_.insert(targets_.end(), targets.begin(), targets.end());
    offsets_.push_back(targets_.size());
}

Edges Edges::reversed() const {
    const std::size_t count = offsets_.size() - 1;
    Edges out;
    out.offsets_.assign(count + 1, 0);
    out.targets_.resize(targets_.size());
    for (Node target : targets_) ++out.offsets_[target + 1];
    for (std::size_t n = 0; n < count; ++n) out.offsets_[n + 1] += out.offsets_[n];
    std::vector<std::size_t> next(out.offsets_.begin(), out.offsets_.end() - 1);
    for (std::size_t n = 0; n < count; ++n)
        for (Node target : (*this)[static_cast<Node>(n)])
            out.targets_[next[target]++] = static_cast<Node>(n);
    return out;
}

}  // namespace migrate::core
