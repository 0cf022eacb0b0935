namespace IotOps.Fleet;

/// <summary>Why a text is no event pattern.</summary>
/// <param name="Path">The member that is wrong, such as <c>detail.state</c>; empty for the whole.</param>
/// <param name="Position">Where in the UTF-8 text, in bytes from its beginning.</param>
/// <param name="Reason">What is wrong, and what would be right.</param>
public sealed record EventPatternProblem(string Path, int Position, string Reason)
{
    /// <summary>One line: <c>detail.state, byte 23: an empty array lets nothing match; leave it out</c>.</summary>
    public override string ToString() => $"{(Path.Length == 0 ? "pattern" : Path)}, byte {Position}: {Reason}";
}
