namespace IotOps.Detect.Membership;

/// <summary>Which groups each thing was in at one moment. Things in the same groups share one list.</summary>
/// <param name="things">The things that are known, each with the number of its list.</param>
/// <param name="lists">The lists of groups.</param>
/// <param name="isRegistry">Whether a name that is not among the things is no thing.</param>
internal sealed class MembershipSnapshot(Dictionary<string, int> things, string[][] lists, bool isRegistry)
{
    public int Things => things.Count;

    public IReadOnlyCollection<string>? GroupsOf(string thing) =>
        things.TryGetValue(thing, out int list) ? lists[list] : isRegistry ? null : [];

    /// <summary>The things of a group.</summary>
    public IEnumerable<string> In(string group)
    {
        bool[] has = [.. lists.Select(list => list.Contains(group, StringComparer.Ordinal))];
        return things.Where(thing => has[thing.Value]).Select(thing => thing.Key);
    }

    /// <summary>All things.</summary>
    public IEnumerable<string> All() => things.Keys;
}
