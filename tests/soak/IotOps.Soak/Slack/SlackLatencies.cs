namespace IotOps.Soak.Slack;

/// <summary>How long answers took.</summary>
/// <param name="Sorted">Of the answered, rising.</param>
/// <param name="Unanswered">Those with no answer, or another than 200 with the words expected.</param>
internal sealed record SlackLatencies(IReadOnlyList<TimeSpan> Sorted, int Unanswered)
{
    public TimeSpan Percentile(double part) => Sorted.Count == 0 ? TimeSpan.MaxValue : Sorted[Math.Min(Sorted.Count - 1, (int)(Sorted.Count * part))];

    public override string ToString() =>
        $"{Sorted.Count + Unanswered} requests, {Unanswered} unanswered; p50 {Percentile(0.5).TotalMilliseconds:0.0} ms, "
        + $"p99 {Percentile(0.99).TotalMilliseconds:0.0} ms, longest {Percentile(1).TotalMilliseconds:0.0} ms";
}
