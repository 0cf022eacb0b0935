namespace IotOps.Samples.Quickstart;

/// <summary>What was shipped of one log stream against what was read back.</summary>
/// <param name="Stream">The stream.</param>
/// <param name="Expected">Lines that were there.</param>
/// <param name="Received">Lines that came back.</param>
/// <param name="FirstDifference">Number, from 1, of the first line that is missing or different; null when all are equal.</param>
internal sealed record StreamCheck(string Stream, int Expected, int Received, int? FirstDifference)
{
    public static StreamCheck Compare(string stream, IReadOnlyList<string> expected, IReadOnlyList<string> received)
    {
        int same = expected.Zip(received).TakeWhile(p => p.First == p.Second).Count();
        return new StreamCheck(stream, expected.Count, received.Count, same == expected.Count && same == received.Count ? null : same + 1);
    }
}
