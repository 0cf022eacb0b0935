namespace IotOps.Logs.Tail;

/// <summary>How a round of reading went and when the next is due.</summary>
/// <param name="MoreToRead">Call again at once.</param>
/// <param name="Blocked">A sink was full: call again when the sinks wake.</param>
/// <param name="NextPoll">Call again after this long at the latest.</param>
internal readonly record struct TailPoll(bool MoreToRead, bool Blocked, TimeSpan NextPoll);
