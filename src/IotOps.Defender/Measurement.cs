using IotOps.Defender.Rules;

namespace IotOps.Defender;

/// <summary>What was measured of one metric: a number, or a list of numbers (ports are numbers), addresses or strings. Exactly one is set. Immutable.</summary>
public sealed class Measurement
{
    // A set that grows to a hundred addresses allocates five times what it holds; a thread's set serves the next report.
    private const int MostKept = 1024;

    [ThreadStatic]
    private static HashSet<InternetAddress>? _distinct;

    private readonly double[]? _numbers;
    private readonly InternetAddress[]? _addresses;
    private readonly string[]? _strings;

    private Measurement(double number) => Number = number;

    private Measurement(double[] numbers) => _numbers = numbers;

    private Measurement(InternetAddress[] addresses) => _addresses = addresses;

    private Measurement(string[] strings) => _strings = strings;

    /// <summary>A single number.</summary>
    public double? Number { get; }

    /// <summary>Ports or numbers.</summary>
    public IReadOnlyList<double>? Numbers => _numbers;

    /// <summary>Addresses.</summary>
    public IReadOnlyList<InternetAddress>? Addresses => _addresses;

    /// <summary>Strings.</summary>
    public IReadOnlyList<string>? Strings => _strings;

    internal double[]? NumberArray => _numbers;

    internal InternetAddress[]? AddressArray => _addresses;

    internal string[]? StringArray => _strings;

    internal string Kind => Number is not null ? "a number" : _numbers is not null ? "numbers" : _addresses is not null ? "addresses" : "strings";

    /// <summary>A number.</summary>
    public static Measurement Of(double number) => new(number);

    /// <summary>A list of numbers or ports; it is copied.</summary>
    public static Measurement OfNumbers(IEnumerable<double> numbers) => new([.. numbers]);

    /// <summary>A list of addresses; it is copied.</summary>
    public static Measurement OfAddresses(IEnumerable<InternetAddress> addresses) => new([.. addresses]);

    /// <summary>A list of strings; it is copied.</summary>
    public static Measurement OfStrings(IEnumerable<string> strings) => new([.. strings]);

    /// <summary>Null when the report leaves the metric out.</summary>
    internal static Measurement? Read(DefenderReport report, MeasuredMetric metric, string name) => metric switch
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
        MeasuredMetric.Custom => report.CustomMetrics.TryGetValue(name, out CustomMetricValue? value) ? Of(value) : null,
        _ => null,
    };

    /// <summary>The measurement as an event shows it.</summary>
    internal MetricValue ToValue(MeasuredMetric metric)
    {
        if (Number is { } number)
        {
            return MeasuredMetrics.IsCount(metric) ? new MetricValue { Count = (long)number } : new MetricValue { Number = number };
        }

        if (_numbers is not null && MeasuredMetrics.IsPortList(metric))
        {
            return new MetricValue { Ports = Array.ConvertAll(_numbers, port => (int)port) };
        }

        return _numbers is not null ? new MetricValue { Numbers = _numbers }
            : _addresses is not null ? new MetricValue { Cidrs = Array.ConvertAll(_addresses, address => address.ToString()) }
            : new MetricValue { Strings = _strings };
    }

    private static Measurement? Of(long? number) => number is { } value ? Of((double)value) : null;

    private static Measurement Of(CustomMetricValue value) => value.Type switch
    {
        CustomMetricType.Number => Of(value.Single),
        CustomMetricType.NumberList => new Measurement(value.NumberSpan.ToArray()),
        CustomMetricType.StringList => new Measurement(value.StringSpan.ToArray()),
        _ => new Measurement(value.AddressSpan.ToArray()),
    };

    private static Measurement? Ports(SampledList<ListeningPort>? ports)
    {
        if (ports is null)
        {
            return null;
        }

        // A port that several interfaces listen on is one port to a rule.
        var distinct = new HashSet<int>();
        foreach (ListeningPort port in ports.Span)
        {
            distinct.Add(port.Port);
        }

        double[] sorted = new double[distinct.Count];
        int count = 0;
        foreach (int port in distinct)
        {
            sorted[count++] = port;
        }

        Array.Sort(sorted);
        return new Measurement(sorted);
    }

    private static Measurement? Destinations(SampledList<EstablishedConnection>? connections)
    {
        if (connections is null)
        {
            return null;
        }

        // Thousands of connections commonly go to a few addresses.
        HashSet<InternetAddress> distinct = _distinct ??= [];
        foreach (ref readonly EstablishedConnection connection in connections.Span)
        {
            distinct.Add(connection.RemoteAddress);
        }

        InternetAddress[] addresses = [.. distinct];
        distinct.Clear();
        if (distinct.Capacity > MostKept)
        {
            _distinct = null;
        }

        return new Measurement(addresses);
    }
}
