namespace IotOps.Defender.Metrics;

/// <summary>A custom metric and what gives its value.</summary>
internal sealed class CustomMetric(string name, Func<CustomMetricValue?> read)
{
    public string Name => name;

    public Func<CustomMetricValue?> Read => read;

    /// <summary>Whether it was left out last time, which is told once.</summary>
    public bool IsLeftOut { get; set; }
}
