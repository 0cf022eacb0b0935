namespace IotOps.Defender;

/// <summary>
/// What a behavior compares with, and what was measured: exactly one of the six is set.
/// See https://docs.aws.amazon.com/iot/latest/apireference/API_MetricValue.html.
/// </summary>
public sealed record MetricValue
{
    /// <summary>A count of bytes, packets, ports or connections; 0 or more.</summary>
    public long? Count { get; init; }

    /// <summary>A number.</summary>
    public double? Number { get; init; }

    /// <summary>A set of numbers.</summary>
    public IReadOnlyList<double>? Numbers { get; init; }

    /// <summary>A set of networks (<c>10.0.0.0/8</c>) or addresses, IPv4 and IPv6.</summary>
    public IReadOnlyList<string>? Cidrs { get; init; }

    /// <summary>A set of ports, 0-65535.</summary>
    public IReadOnlyList<int>? Ports { get; init; }

    /// <summary>A set of strings.</summary>
    public IReadOnlyList<string>? Strings { get; init; }
}
