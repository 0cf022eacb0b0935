using System.Net;
using System.Text.Json;

namespace IotOps.Emulator.Defender;

/// <summary>
/// Checks a metrics report, with long or short names. See
/// https://docs.aws.amazon.com/iot-device-defender/latest/devguide/detect-device-side-metrics.html.
/// </summary>
internal sealed class DefenderReport
{
    private readonly JsonElement _root;
    private readonly bool _isShort;

    private DefenderReport(JsonElement root, bool isShort)
    {
        _root = root;
        _isShort = isShort;
    }

    /// <summary>Checks a report.</summary>
    /// <returns>Its report id.</returns>
    /// <exception cref="FormatException">It is not as the service wants it; the message says where.</exception>
    public static long Check(JsonElement root)
    {
        Require(root.ValueKind == JsonValueKind.Object, "The report is no object");
        bool isShort = root.TryGetProperty("hed", out _);
        return new DefenderReport(root, isShort).Check();
    }

    private long Check()
    {
        JsonElement header = Member(_root, "header", "hed", JsonValueKind.Object) ?? throw new FormatException("The header is missing");
        long? reportId = Integer(header, "report_id", "rid");
        Require(reportId > 0, "The header's report id is no positive integer");
        string? version = Member(header, "version", "v", JsonValueKind.String)?.GetString();
        Require(version?.Split('.') is [var major, var minor] && IsDigits(major) && IsDigits(minor), "The header's version is not Major.Minor");

        JsonElement? metrics = Member(_root, "metrics", "met", JsonValueKind.Object);
        JsonElement? custom = Member(_root, "custom_metrics", "cmet", JsonValueKind.Object);
        Require(metrics is not null || custom is not null, "There are neither metrics nor custom metrics");
        if (metrics is { } known)
        {
            CheckMetrics(known);
        }

        foreach (JsonProperty metric in custom?.EnumerateObject() ?? default)
        {
            CheckCustom(metric);
        }

        return reportId!.Value;
    }

    private void CheckMetrics(JsonElement metrics)
    {
        if (Member(metrics, "network_stats", "ns", JsonValueKind.Object) is { } network)
        {
            foreach ((string name, string shortName) in new[] { ("bytes_in", "bi"), ("bytes_out", "bo"), ("packets_in", "pi"), ("packets_out", "po") })
            {
                Require(Integer(network, name, shortName) is not < 0, $"{name} is negative");
            }
        }

        if (Member(metrics, "tcp_connections", "tc", JsonValueKind.Object) is { } tcp
            && Member(tcp, "established_connections", "ec", JsonValueKind.Object) is { } established)
        {
            CheckList(established, "connections", "cs", CheckConnection);
        }

        foreach ((string name, string shortName) in new[] { ("listening_tcp_ports", "tp"), ("listening_udp_ports", "up") })
        {
            if (Member(metrics, name, shortName, JsonValueKind.Object) is { } listening)
            {
                CheckList(listening, "ports", "pts", CheckPort);
            }
        }
    }

    private void CheckList(JsonElement block, string name, string shortName, Action<JsonElement, bool> check)
    {
        int count = 0;
        foreach (JsonElement entry in Member(block, name, shortName, JsonValueKind.Array)?.EnumerateArray() ?? default)
        {
            count++;
            Require(entry.ValueKind == JsonValueKind.Object, $"An entry of {name} is no object");
            check(entry, _isShort);
        }

        Require(Integer(block, "total", "t") is not { } total || total >= count, $"The total of {name} is less than their number");
    }

    private static void CheckConnection(JsonElement connection, bool isShort)
    {
        string? remote = Member(connection, isShort ? "rad" : "remote_addr", JsonValueKind.String)?.GetString();
        Require(remote is not null && remote.Contains(':', StringComparison.Ordinal) && IPEndPoint.TryParse(remote, out _), $"A remote address is no IP:PORT: '{remote}'");
        CheckPortNumber(connection, isShort ? "lp" : "local_port", isRequired: false);
        Member(connection, isShort ? "li" : "local_interface", JsonValueKind.String);
    }

    private static void CheckPort(JsonElement port, bool isShort)
    {
        CheckPortNumber(port, isShort ? "pt" : "port", isRequired: true);
        Member(port, isShort ? "if" : "interface", JsonValueKind.String);
    }

    private static void CheckPortNumber(JsonElement entry, string name, bool isRequired)
    {
        long? port = Integer(entry, name);
        Require(port is null ? !isRequired : port is >= 1 and <= 65_535, $"{name} is no port");
    }

    private static void CheckCustom(JsonProperty metric)
    {
        bool isName = metric.Name.Length is >= 1 and <= 128 && metric.Name.All(c => char.IsAsciiLetterOrDigit(c) || c is ':' or '_' or '-');
        Require(isName && !metric.Name.StartsWith("aws:", StringComparison.Ordinal), $"'{metric.Name}' is no name of a custom metric");
        Require(metric.Value.ValueKind == JsonValueKind.Array && metric.Value.GetArrayLength() == 1, $"The value of {metric.Name} is no list of one");
        JsonElement holder = metric.Value[0];
        Require(holder.ValueKind == JsonValueKind.Object && holder.EnumerateObject().Count() == 1, $"The value of {metric.Name} has not exactly one type");
        JsonProperty value = holder.EnumerateObject().First();
        bool isGood = value.Name switch
        {
            "number" => value.Value.ValueKind == JsonValueKind.Number,
            "number_list" => IsListOf(value.Value, e => e.ValueKind == JsonValueKind.Number),
            "string_list" => IsListOf(value.Value, e => e.ValueKind == JsonValueKind.String),
            "ip_list" => IsListOf(value.Value, e => e.ValueKind == JsonValueKind.String && IPAddress.TryParse(e.GetString(), out _)),
            _ => false,
        };
        Require(isGood, $"The value of {metric.Name} is no number, number_list, string_list or ip_list");
    }

    private static bool IsListOf(JsonElement list, Func<JsonElement, bool> isGood) => list.ValueKind == JsonValueKind.Array && list.EnumerateArray().All(isGood);

    private static bool IsDigits(string text) => text.Length > 0 && text.All(char.IsAsciiDigit);

    private JsonElement? Member(JsonElement parent, string name, string shortName, JsonValueKind kind) => Member(parent, _isShort ? shortName : name, kind);

    private long? Integer(JsonElement parent, string name, string shortName) => Integer(parent, _isShort ? shortName : name);

    private static JsonElement? Member(JsonElement parent, string name, JsonValueKind kind)
    {
        if (!parent.TryGetProperty(name, out JsonElement value))
        {
            return null;
        }

        return value.ValueKind == kind ? value : throw new FormatException($"{name} is no {kind}");
    }

    private static long? Integer(JsonElement parent, string name)
    {
        if (Member(parent, name, JsonValueKind.Number) is not { } value)
        {
            return null;
        }

        return value.TryGetInt64(out long number) ? number : throw new FormatException($"{name} is no integer");
    }

    private static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new FormatException(message);
        }
    }
}
