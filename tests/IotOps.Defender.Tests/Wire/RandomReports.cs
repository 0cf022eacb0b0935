using FsCheck;
using FsCheck.Fluent;

namespace IotOps.Defender.Tests.Wire;

/// <summary>Any report that may be sent.</summary>
internal static class RandomReports
{
    private static readonly Gen<char> NameCharacter = Gen.Elements("abcXYZ019:_-".ToCharArray());

    private static readonly Gen<string> MetricName =
        from length in Gen.Frequency((9, Gen.Choose(1, 30)), (1, Gen.Choose(100, 128)))
        from characters in Gen.ArrayOf(NameCharacter, length)
        select new string(characters) is var name && name.StartsWith("aws:", StringComparison.Ordinal) ? "_" + name[1..] : new string(characters);

    private static readonly Gen<string?> Interface = Gen.Elements<string?>(null, "eth0", "lo", "wlp3s0.100", "0.0.0.0", "::", "Ethernet \"2\"", "C:\\net", "réseau", "网络", "🛜");

    private static readonly Gen<InternetAddress> Address = Gen.OneOf(
        Gen.ArrayOf(Byte(), 4).Select(static bytes => InternetAddress.FromBytes(bytes)),
        Gen.ArrayOf(Byte(), 16).Select(static bytes => InternetAddress.FromBytes(bytes)),
        Gen.Elements(InternetAddress.Parse("::1"), InternetAddress.Parse("0.0.0.0"), InternetAddress.Parse("fe80::1:0:0:1")));

    private static readonly Gen<int> Port = Gen.OneOf(Gen.Choose(1, 65_535), Gen.Elements(1, 22, 23, 24, 255, 256, 65_535));

    private static readonly Gen<double> Number = Gen.OneOf(
        Gen.Choose(-300, 300).Select(static n => (double)n),
        Gen.Choose(int.MinValue, int.MaxValue).Select(static n => n / 1024.0),
        Gen.Choose(int.MinValue, int.MaxValue).Select(static n => n / 7.0),
        Gen.Elements(0, -0.0, 0.1, 1e-9, -1e-14, 26.1, 999_999_999_999_999, -999_999_999_999_999, 4_294_967_295, 4_294_967_296, 1e14, 33.333333333333336));

    private static readonly Gen<string> Text =
        from length in Gen.Frequency((9, Gen.Choose(1, 40)), (1, Gen.Choose(41, 400)))
        from characters in Gen.ArrayOf(Gen.Elements("abcXYZ019:_-/.".ToCharArray()), length)
        select new string(characters);

    private static readonly Gen<CustomMetricValue> Value = Gen.OneOf(
        Number.Select(CustomMetricValue.Number),
        Some(Number).Select(static list => CustomMetricValue.NumberList(list)),
        Some(Text).Select(static list => CustomMetricValue.StringList(list)),
        Some(Address).Select(static list => CustomMetricValue.IpList(list)));

    private static readonly Gen<EstablishedConnection> Connection =
        from address in Address
        from remote in Port
        from local in Optional(Port)
        from name in Interface
        select new EstablishedConnection(address, remote, local, name);

    private static readonly Gen<ListeningPort> Listening =
        from port in Port
        from name in Interface
        select new ListeningPort(port, name);

    private static readonly Gen<long> Counter = Gen.OneOf(
        Gen.Choose(0, 300).Select(static n => (long)n),
        Gen.Choose(0, int.MaxValue).Select(static n => n * 4_000_000_000L),
        Gen.Elements(long.MaxValue, 23L, 24L, 255L, 256L, 65_535L, 65_536L, uint.MaxValue, 1L << 32));

    private static readonly Gen<NetworkStats> Stats =
        from a in Counter
        from b in Counter
        from c in Counter
        from d in Counter
        select new NetworkStats(a, b, c, d);

    public static Gen<DefenderReport> Report { get; } =
        from id in Counter
        from stats in Optional(Stats)
        from connections in List(Connection)
        from tcp in List(Listening)
        from udp in List(Listening)
        from names in Some(MetricName)
        from values in Gen.ArrayOf(Value, names.Length)
        select new DefenderReport
        {
            ReportId = Math.Max(1, id),
            NetworkStats = stats,
            TcpConnections = connections,
            ListeningTcpPorts = tcp,
            ListeningUdpPorts = udp,
            HasEmptyMetrics = stats is null && connections is null && tcp is null && udp is null,
            CustomMetrics = names.Zip(values).DistinctBy(static metric => metric.First, StringComparer.Ordinal)
                .ToDictionary(static metric => metric.First, static metric => metric.Second, StringComparer.Ordinal),
        };

    /// <summary>Tries a property with reports that are the same in every run.</summary>
    public static void Check(Action<DefenderReport> property, int runs = 300) =>
        Prop.ForAll(Arb.From(Report), property).Check(Config.QuickThrowOnFailure.WithMaxTest(runs).WithReplay(20_231_001, 7).WithQuietOnSuccess(true));

    private static Gen<byte> Byte() => Gen.Choose(0, 255).Select(static n => (byte)n);

    private static Gen<T[]> Some<T>(Gen<T> items) => Gen.Frequency((5, Gen.Choose(0, 3)), (1, Gen.Choose(20, 30))).SelectMany(count => Gen.ArrayOf(items, count));

    private static Gen<T?> Optional<T>(Gen<T> value)
        where T : struct => Gen.Frequency((1, Gen.Constant<T?>(null)), (3, value.Select(static v => (T?)v)));

    private static Gen<SampledList<T>?> List<T>(Gen<T> items)
        where T : struct =>
        from present in Gen.Choose(0, 3)
        from list in Some(items)
        from more in Gen.Choose(0, 2000)
        select present == 0 ? null : new SampledList<T>((IReadOnlyList<T>)list, list.Length + (more < 1000 ? 0 : more));
}
