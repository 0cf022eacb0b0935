namespace IotOps.Defender.Linux;

/// <summary>What the drivers of bonds, VLANs and PPPoE say in <c>net/</c> of the interfaces below theirs. A table that cannot be read says nothing.</summary>
internal sealed class LowerInterfaceTables(ProcPaths paths)
{
    private const string BondPort = "Slave Interface:";
    private const long MaxBytes = 1 << 20;

    private readonly string _bonds = Path.Combine(paths.Network, "bonding");
    private readonly string _vlans = Path.Combine(paths.Network, "vlan", "config");
    private readonly string _pppoe = Path.Combine(paths.Network, "pppoe");
    private readonly Dictionary<string, List<string>> _below = new(StringComparer.Ordinal);
    private readonly List<string> _pppoeDevices = [];

    /// <summary>The interfaces that carry PPPoE sessions.</summary>
    public IReadOnlyList<string> PppoeDevices => _pppoeDevices;

    /// <summary>The interfaces below a bond or VLAN; null for one that is neither.</summary>
    public IReadOnlyList<string>? Below(string name) => _below.GetValueOrDefault(name);

    /// <summary>Reads the tables that there are.</summary>
    public void Refresh()
    {
        _below.Clear();
        _pppoeDevices.Clear();
        if (paths.FileSystem.Directory.Exists(_bonds))
        {
            ReadBonds();
        }

        foreach (string line in Lines(_vlans))
        {
            // cameras        | 5  | eth0
            if (line.Split('|', StringSplitOptions.TrimEntries) is [{ Length: > 0 } name, var number, { Length: > 0 } parent] && int.TryParse(number, out _))
            {
                _below[name] = [parent];
            }
        }

        foreach (string line in Lines(_pppoe))
        {
            // 00000001 00:11:22:33:44:55     eth0
            if (line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, var address, var device] && address.Contains(':', StringComparison.Ordinal))
            {
                _pppoeDevices.Add(device);
            }
        }
    }

    private void ReadBonds()
    {
        try
        {
            foreach (string bond in paths.FileSystem.Directory.EnumerateFiles(_bonds))
            {
                List<string> ports = [];
                foreach (string line in Lines(bond))
                {
                    if (line.StartsWith(BondPort, StringComparison.Ordinal))
                    {
                        ports.Add(line[BondPort.Length..].Trim());
                    }
                }

                _below[Path.GetFileName(bond)] = ports;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The driver was unloaded meanwhile.
        }
    }

    private string[] Lines(string path)
    {
        try
        {
            // Files of /proc have no length; a foreign one in its place is not read into memory.
            return paths.FileSystem.File.Exists(path) && paths.FileSystem.FileInfo.New(path).Length <= MaxBytes ? paths.FileSystem.File.ReadAllLines(path) : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
