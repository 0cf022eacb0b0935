namespace IotOps.Logs.Shipping;

/// <summary>What one look at the files brought.</summary>
/// <param name="MoreToRead">There is more to read at once.</param>
/// <param name="Blocked">A lane had no room: what it was offered is offered again.</param>
/// <param name="NextPoll">When to look again if nothing tells of a change before.</param>
internal readonly record struct SourcePoll(bool MoreToRead, bool Blocked, TimeSpan NextPoll);
