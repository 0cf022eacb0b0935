namespace IotOps.Defender.Rules;

/// <summary>What one report says about one metric: a number, or a list of numbers, addresses or strings.</summary>
internal sealed class Measurement
{
    /// <summary>Set for a single number.</summary>
    public double? Number { get; private init; }

    /// <summary>Ports or numbers.</summary>
    public double[]? Numbers { get; private init; }

    public InternetAddress[]? Addresses { get; private init; }

    public string[]? Strings { get; private init; }

    public string Kind => Number is not null ? "a number" : Numbers is not null ? "numbers" : Addresses is not null ? "addresses" : "strings";

    public static Measurement Of(double number) => new() { Number = number };

    /// <summary>Null when the report leaves the metric out.</summary>
    public static Measurement? Read(DefenderReport report, MeasuredMetric metric, string name) => metric switch
    {
        MeasuredMetric.BytesIn => Of(report.NetworkStats?.BytesIn),
        MeasuredMetric.BytesOut => Of(report.NetworkStats?.BytesOut),
        MeasuredMetric.PacketsIn => Of(report.NetworkStats?.PacketsIn),
        MeasuredMetric.PacketsOut => Of(report.NetworkStats?.PacketsOut),
        MeasuredMetric.EstablishedConnections => Of(report.TcpConnections?.Total),
        MeasuredMetric.ListeningTcpPortCount => Of(report.ListeningTcpPorts?.Total),
        MeasuredMetric.ListeningUdpPortCount => Of(report.ListeningUdpPorts?.Total),
        MeasuredMetric.ListeningTcpPorts => Ports(report.ListeningTcpPorts),
        MeasuredMetric.ListeningUdpPorts => Ports(report.ListeningUdpPorts),
        MeasuredMetric.DestinationAddresses => Destinations(report.TcpConnections),
        _ => report.CustomMetrics.TryGetValue(name, out CustomMetricValue? value) ? Of(value) : null,
    };

    /// <summary>The measurement as an event shows it.</summary>
    public MetricValue ToValue(MeasuredMetric metric)
    {
        if (Number is { } number)
        {
            return MeasuredMetrics.IsCount(metric) ? new MetricValue { Count = (long)number } : new MetricValue { Number = number };
        }

        if (Numbers is not null && MeasuredMetrics.IsPortList(metric))
        {
            return new MetricValue { Ports = Array.ConvertAll(Numbers, port => (int)port) };
        }

        return Numbers is not null ? new MetricValue { Numbers = Numbers }
            : Addresses is not null ? new MetricValue { Cidrs = Array.ConvertAll(Addresses, address => address.ToString()) }
            : new MetricValue { Strings = Strings };
    }

    private static Measurement? Of(long? number) => number is { } value ? Of((double)value) : null;

    private static Measurement Of(CustomMetricValue value) => value.Type switch
    {
        CustomMetricType.Number => Of(value.Numbers[0]),
        CustomMetricType.NumberList => new Measurement { Numbers = [.. value.Numbers] },
        CustomMetricType.StringList => new Measurement { Strings = [.. value.Strings] },
        _ => new Measurement { Addresses = [.. value.Addresses] },
    };

    private static Measurement? Ports(SampledList<ListeningPort>? ports)
    {
        if (ports is null)
        {
            return null;
        }

        // A port that several interfaces listen on is one port to a rule.
        List<double> distinct = new(ports.Items.Count);
        foreach (ListeningPort port in ports.Items)
        {
            if (!distinct.Contains(port.Port))
            {
                distinct.Add(port.Port);
            }
        }

        distinct.Sort();
        return new Measurement { Numbers = [.. distinct] };
    }

    private static Measurement? Destinations(SampledList<EstablishedConnection>? connections)
    {
        if (connections is null)
        {
            return null;
        }

        // Thousands of connections commonly go to a few addresses.
        var distinct = new Dictionary<string, InternetAddress>(StringComparer.Ordinal);
        foreach (EstablishedConnection connection in connections.Items)
        {
            distinct[connection.RemoteAddress.ToString()] = connection.RemoteAddress;
        }

        var addresses = new InternetAddress[distinct.Count];
        distinct.Values.CopyTo(addresses, 0);
        return new Measurement { Addresses = addresses };
    }
}
