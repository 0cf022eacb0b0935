namespace IotOps.Defender.Wire;

/// <summary>Both spellings of a report's elements.</summary>
internal static class FieldNames
{
    public static ReadOnlySpan<byte> Of(Field field, DefenderNames names) => names == DefenderNames.ShortNames ? Short(field) : Long(field);

    public static ReadOnlySpan<byte> Long(Field field) => field switch
    {
        Field.Header => "header"u8,
        Field.ReportId => "report_id"u8,
        Field.Version => "version"u8,
        Field.Metrics => "metrics"u8,
        Field.CustomMetrics => "custom_metrics"u8,
        Field.NetworkStats => "network_stats"u8,
        Field.BytesIn => "bytes_in"u8,
        Field.BytesOut => "bytes_out"u8,
        Field.PacketsIn => "packets_in"u8,
        Field.PacketsOut => "packets_out"u8,
        Field.TcpConnections => "tcp_connections"u8,
        Field.EstablishedConnections => "established_connections"u8,
        Field.Connections => "connections"u8,
        Field.RemoteAddress => "remote_addr"u8,
        Field.LocalInterface => "local_interface"u8,
        Field.LocalPort => "local_port"u8,
        Field.ListeningTcpPorts => "listening_tcp_ports"u8,
        Field.ListeningUdpPorts => "listening_udp_ports"u8,
        Field.Ports => "ports"u8,
        Field.Port => "port"u8,
        Field.Interface => "interface"u8,
        _ => "total"u8,
    };

    public static ReadOnlySpan<byte> Short(Field field) => field switch
    {
        Field.Header => "hed"u8,
        Field.ReportId => "rid"u8,
        Field.Version => "v"u8,
        Field.Metrics => "met"u8,
        Field.CustomMetrics => "cmet"u8,
        Field.NetworkStats => "ns"u8,
        Field.BytesIn => "bi"u8,
        Field.BytesOut => "bo"u8,
        Field.PacketsIn => "pi"u8,
        Field.PacketsOut => "po"u8,
        Field.TcpConnections => "tc"u8,
        Field.EstablishedConnections => "ec"u8,
        Field.Connections => "cs"u8,
        Field.RemoteAddress => "rad"u8,
        Field.LocalInterface => "li"u8,
        Field.LocalPort => "lp"u8,
        Field.ListeningTcpPorts => "tp"u8,
        Field.ListeningUdpPorts => "up"u8,
        Field.Ports => "pts"u8,
        Field.Port => "pt"u8,
        Field.Interface => "if"u8,
        _ => "t"u8,
    };

    /// <summary>The types of custom metrics have one spelling.</summary>
    public static ReadOnlySpan<byte> Of(CustomMetricType type) => type switch
    {
        CustomMetricType.Number => "number"u8,
        CustomMetricType.NumberList => "number_list"u8,
        CustomMetricType.StringList => "string_list"u8,
        _ => "ip_list"u8,
    };
}
