using System.Globalization;
using System.IO.Abstractions;
using IotOps.Defender.Readings;

namespace IotOps.Defender.Linux;

/// <summary>
/// Which interfaces lie on others: a bond on its ports, a VLAN on its parent, a tunnel on whatever carries it. What crosses two interfaces
/// that count would count twice, so the upper one is covered.
/// </summary>
/// <remarks>
/// Asked in this order: the device file system (a <c>device</c> is hardware, a <c>lower_NAME</c> is what lies below), the kernel's tables of
/// bonds, VLANs and PPPoE sessions in <c>net/</c>, and last the name, where neither is there, as in many containers.
/// </remarks>
internal sealed class InterfaceLayers(ProcPaths paths, InterfaceFilter filter)
{
    // VLANs on bonds on VLANs: nobody stacks deeper, and interfaces in a circle must not hang the collector.
    private const int MaxDepth = 8;

    private readonly LowerInterfaceTables _tables = new(paths);
    private readonly List<InterfaceLayer> _layers = [];
    private IReadOnlyList<string> _present = [];

    /// <summary>Marks those that are covered, and gives each the system's number.</summary>
    /// <param name="interfaces">Those that the filter lets count.</param>
    /// <param name="present">The names of all there are.</param>
    public void Mark(InterfaceReadings interfaces, IReadOnlyList<string> present)
    {
        _present = present;
        _tables.Refresh();
        _layers.Clear();
        string? system = paths.Interfaces is { } directory && paths.FileSystem.Directory.Exists(directory) ? directory : null;
        for (int i = 0; i < interfaces.Count; i++)
        {
            _layers.Add(Layer(system, interfaces[i].Name));
        }

        for (int i = 0; i < interfaces.Count; i++)
        {
            InterfaceLayer layer = _layers[i];
            bool isCovered = !filter.IsNamed(interfaces[i].Name) && IsCovered(interfaces, system, layer);
            if (isCovered || layer.Index > 0)
            {
                InterfaceCounters counters = interfaces[i];
                interfaces.Replace(i, counters with { Index = layer.Index, IsCovered = isCovered });
            }
        }
    }

    private bool IsCovered(InterfaceReadings interfaces, string? system, in InterfaceLayer layer)
    {
        if (layer.Kind == InterfaceKind.Dialled)
        {
            return AnyCounts(interfaces, system, _tables.PppoeDevices, depth: 0);
        }

        if (layer.Lower.Count > 0)
        {
            return AnyCounts(interfaces, system, layer.Lower, depth: 0);
        }

        // Something carries what has no device, and that is whatever has one; without such knowledge, whatever has a plainer name.
        return layer.Kind != InterfaceKind.Hardware
            && ((layer.Kind == InterfaceKind.Virtual && _layers.Exists(static other => other.Kind == InterfaceKind.Hardware)) || HasPlainer(layer.Rank));
    }

    private bool HasPlainer(NameRank rank)
    {
        foreach (InterfaceLayer other in _layers)
        {
            if (other.Lower.Count == 0 && other.Kind != InterfaceKind.Dialled && other.Rank < rank)
            {
                return true;
            }
        }

        return false;
    }

    // Whether traffic that crosses one of these is counted: there, or at what lies below.
    private bool AnyCounts(InterfaceReadings interfaces, string? system, IReadOnlyList<string> names, int depth)
    {
        for (int i = 0; depth < MaxDepth && i < names.Count; i++)
        {
            if (interfaces.IndexOf(names[i], guess: 0) >= 0 || AnyCounts(interfaces, system, Layer(system, names[i]).Lower, depth + 1))
            {
                return true;
            }
        }

        return false;
    }

    private InterfaceLayer Layer(string? system, string name)
    {
        NameRank rank = VirtualNames.Rank(name);
        if (system is not null && TryAskSystem(Path.Combine(system, name), out bool hasDevice, out IReadOnlyList<string> lower, out int index))
        {
            InterfaceKind kind = hasDevice ? InterfaceKind.Hardware : VirtualNames.IsDialled(name) ? InterfaceKind.Dialled : InterfaceKind.Virtual;
            return new InterfaceLayer(kind, hasDevice ? NameRank.Plain : rank, lower, index);
        }

        return new InterfaceLayer(
            VirtualNames.IsDialled(name) ? InterfaceKind.Dialled : InterfaceKind.Unknown, rank, _tables.Below(name) ?? BelowByName(name), Index: 0);
    }

    // eth0.5 lies on eth0, and eth0.5.6 on eth0.5, or on eth0 where that has no name of its own.
    private IReadOnlyList<string> BelowByName(string name)
    {
        for (int dot = name.LastIndexOf('.'); dot > 0; dot = name.LastIndexOf('.', dot - 1))
        {
            if (Find(name.AsSpan(0, dot)) is { } parent)
            {
                return [parent];
            }
        }

        return [];
    }

    private string? Find(ReadOnlySpan<char> name)
    {
        foreach (string each in _present)
        {
            if (name.SequenceEqual(each))
            {
                return each;
            }
        }

        return null;
    }

    private bool TryAskSystem(string directory, out bool hasDevice, out IReadOnlyList<string> lower, out int index)
    {
        const string Lower = "lower_";
        hasDevice = false;
        lower = [];
        index = 0;
        IFileSystem files = paths.FileSystem;
        try
        {
            if (!files.Directory.Exists(directory))
            {
                return false;
            }

            List<string> below = [];
            foreach (string entry in files.Directory.EnumerateFileSystemEntries(directory))
            {
                // By its name alone: in a container the link to the device may lead nowhere.
                string name = Path.GetFileName(entry);
                hasDevice |= name == "device";
                if (name.StartsWith(Lower, StringComparison.Ordinal))
                {
                    below.Add(name[Lower.Length..]);
                }
            }

            lower = below;
            string number = Path.Combine(directory, "ifindex");
            _ = files.File.Exists(number) && int.TryParse(files.File.ReadAllText(number), NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out index);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It went away meanwhile, or is not ours to see: its name decides.
            return false;
        }
    }
}
