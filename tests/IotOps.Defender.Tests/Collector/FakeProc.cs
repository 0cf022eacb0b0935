using IotOps.TestKit;

namespace IotOps.Defender.Tests.Collector;

/// <summary>A process file system of a made-up machine: one with IPv4 and IPv6, two interfaces, and no sockets.</summary>
internal sealed class FakeProc : IDisposable
{
    public const string SocketHeader = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode";
    public const string SocketHeader6 = "  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode";

    private readonly TempDirectory _directory = new(inMemory: true);

    public FakeProc(string process = "self")
    {
        Process = process;
        Directory.CreateDirectory(_directory[$"{process}/net"]);
        Directory.CreateDirectory(_directory["sys/kernel/random"]);
        WriteRoot("sys/kernel/random/boot_id", "2526c687-28c9-4235-aa61-d75e2a827716\n");
        Sockets("tcp");
        Sockets("udp");
        Sockets("tcp6");
        Sockets("udp6");
        Devices(("lo", 10, 1, 10, 1), ("eth0", 1000, 10, 2000, 20));
        Write("if_inet6", "00000000000000000000000000000001 01 80 10 80       lo\n20010db8000000000000000000000005 02 40 00 80     eth0\n");
        Write("route", Routes("eth0\t0002000A\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0"));
        Write("fib_trie", Trie("127.0.0.1", "10.0.2.15"));
    }

    public string Process { get; }

    public string Root => _directory.Path;

    public string this[string file] => _directory[$"{Process}/net/{file}"];

    public static string Routes(params string[] lines) =>
        "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n" + string.Concat(lines.Select(static line => line.PadRight(127) + "\n"));

    public static string Trie(params string[] local) =>
        string.Concat(((string[])["Main", "Local"]).Select(table =>
            $"{table}:\n  +-- 0.0.0.0/0 3 0 5\n" + string.Concat(local.Select(address => $"     |-- {address}\n        /32 host LOCAL\n     |-- 10.0.2.255\n        /32 link BROADCAST\n"))));

    public static string Table(string header, IEnumerable<string> lines) => header.PadRight(149) + "\n" + string.Concat(lines.Select(static line => line + "\n"));

    public static string SocketTable(IEnumerable<FakeSocket> sockets, bool isIPv6) =>
        Table(isIPv6 ? SocketHeader6 : SocketHeader, sockets.Select(static (socket, i) => socket.Line(i)));

    public void Sockets(string file, params FakeSocket[] sockets) => Write(file, SocketTable(sockets, file.EndsWith('6')));

    public void Devices(params (string Name, ulong BytesIn, ulong PacketsIn, ulong BytesOut, ulong PacketsOut)[] devices) => Write(
        "dev",
        "Inter-|   Receive                                                |  Transmit\n face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed\n"
        + string.Concat(devices.Select(static d => $"{d.Name,6}: {d.BytesIn,7} {d.PacketsIn,7}    0    0    0     0          0         0 {d.BytesOut,8} {d.PacketsOut,7}    0    0    0     0       0          0\n")));

    public void Write(string file, string content) => File.WriteAllText(this[file], content);

    public void WriteRoot(string file, string content) => File.WriteAllText(_directory[file], content);

    public void Remove(string file) => File.Delete(this[file]);

    public MetricsCollectorOptions Options => new() { ProcfsRoot = Root };

    public void Dispose() => _directory.Dispose();
}
