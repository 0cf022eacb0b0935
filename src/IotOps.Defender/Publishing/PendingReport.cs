using System.Diagnostics;

namespace IotOps.Defender.Publishing;

/// <summary>A report that waits to be sent, or for its answer.</summary>
/// <param name="id">Its id.</param>
/// <param name="payload">Its bytes, which nobody changes.</param>
/// <param name="sample">The collector's part of it.</param>
/// <param name="accept">What the host wants to be called when the service has accepted it.</param>
internal sealed class PendingReport(long id, byte[] payload, MetricsSample? sample, Action? accept)
{
    public long Id => id;

    public byte[] Payload => payload;

    public MetricsSample? Sample => sample;

    public Action? Accept => accept;

    /// <summary>From the publication to the answer; null when nobody traces.</summary>
    public Activity? Span { get; set; }

    /// <summary>Until when its answer is waited for.</summary>
    public TimeSpan Deadline { get; set; }
}
