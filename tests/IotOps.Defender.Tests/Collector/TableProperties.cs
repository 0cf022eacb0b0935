using System.Net;
using FsCheck;
using FsCheck.Fluent;

namespace IotOps.Defender.Tests.Collector;

public sealed class TableProperties : IDisposable
{
    private static readonly Config Fixed = Config.QuickThrowOnFailure.WithMaxTest(300).WithReplay(20261121, 41);

    private static readonly Gen<IPEndPoint> EndIPv4 =
        from bytes in Gen.ArrayOf(Gen.Choose(0, 255), 4)
        from port in Gen.Choose(1, 65535)
        select new IPEndPoint(new IPAddress([.. bytes.Select(static b => (byte)b)]), port);

    private static readonly Gen<IPEndPoint> EndIPv6 =
        from bytes in Gen.ArrayOf(Gen.Choose(0, 255), 16)
        from port in Gen.Choose(1, 65535)
        select new IPEndPoint(new IPAddress([.. bytes.Select(static b => (byte)b)]), port);

    private readonly FakeProc _proc = new();

    public void Dispose() => _proc.Dispose();

    [Fact]
    public void What_is_written_as_the_kernel_writes_is_read_back_as_it_was()
    {
        Gen<(FakeSocket[] Four, FakeSocket[] Six)> machines =
            from four in Gen.ArrayOf(Sockets(EndIPv4))
            from six in Gen.ArrayOf(Sockets(EndIPv6))
            select (four, six);

        Prop.ForAll(machines.ToArbitrary(), machine =>
        {
            _proc.Sockets("tcp", machine.Four);
            _proc.Sockets("tcp6", machine.Six);
            string[] found = [.. new MetricsCollector(_proc.Options).Collect().TcpConnections!.Items.Select(static c => $"{c.RemoteAddress} {c.RemotePort} {c.LocalPort}")];
            IEnumerable<string> real = machine.Four.Concat(machine.Six)
                .Where(static socket => socket.State == FakeSocket.Established)
                .DistinctBy(static socket => (Plain(socket.Local.Address), socket.Local.Port, Plain(socket.Remote.Address), socket.Remote.Port))
                .Select(static socket => $"{InternetAddress.From(socket.Remote.Address)} {socket.Remote.Port} {socket.Local.Port}");
            return found.Order(StringComparer.Ordinal).SequenceEqual(real.Order(StringComparer.Ordinal), StringComparer.Ordinal);
        }).Check(Fixed);
    }

    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    private static Gen<FakeSocket> Sockets(Gen<IPEndPoint> ends) =>
        from local in ends
        from remote in ends
        from state in Gen.Choose(1, 11)
        select new FakeSocket(local, remote, state < 6 ? FakeSocket.Established : state);
}
