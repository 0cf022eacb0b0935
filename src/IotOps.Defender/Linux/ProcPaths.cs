using System.IO.Abstractions;

namespace IotOps.Defender.Linux;

/// <summary>The files of one process file system, and of one process's network namespace in it.</summary>
internal sealed class ProcPaths
{
    private const string OwnRoot = "/proc";

    // The host's first process: whoever mounts the host's /proc mounts its /sys beside it.
    private const int Host = 1;

    private readonly string _namespace;
    private readonly string? _interfaces;
    private readonly bool _isDefault;
    private readonly bool _isOwnRoot;

    public ProcPaths(string root, int? processId, IFileSystem fileSystem, string? sysfsRoot = null)
    {
        FileSystem = fileSystem;
        Root = Path.TrimEndingDirectorySeparator(root);
        string process = Path.Combine(Root, processId?.ToString() ?? "self");
        Network = Path.Combine(process, "net");
        _namespace = Path.Combine(process, "ns", "net");
        _isDefault = Root == OwnRoot && processId is null;
        _isOwnRoot = Root == OwnRoot && sysfsRoot is null;
        _interfaces = sysfsRoot is not null || processId is null or Host || _isOwnRoot
            ? Path.Combine(sysfsRoot ?? Path.Combine(Path.GetDirectoryName(Path.GetFullPath(Root)) ?? "/", "sys"), "class", "net")
            : null;
        Statistics = Path.Combine(Root, "stat");
        Memory = Path.Combine(Root, "meminfo");
        BootId = Path.Combine(Root, "sys", "kernel", "random", "boot_id");
    }

    public IFileSystem FileSystem { get; }

    public string Root { get; }

    /// <summary>ROOT/PID/net, and never ROOT/net: that follows whoever reads it.</summary>
    public string Network { get; }

    /// <summary>
    /// A directory for each interface of the namespace, with what it lies on; null where the device file system is not about that namespace.
    /// </summary>
    public string? Interfaces => _isOwnRoot && !IsOwnNamespace() ? null : _interfaces;

    public string Statistics { get; }

    public string Memory { get; }

    public string BootId { get; }

    /// <summary>The network namespace's own name, such as <c>net:[4026531840]</c>; null where the kernel does not let us see it.</summary>
    public string? Namespace => LinkTarget(_namespace);

    /// <summary>Whether the files are about the namespace that this process lives in, so that the system can be asked about it.</summary>
    public bool IsOwnNamespace() =>
        _isDefault || (LinkTarget(_namespace) is { } target && target == LinkTarget(OwnRoot + "/self/ns/net"));

    private string? LinkTarget(string path)
    {
        try
        {
            return FileSystem.FileInfo.New(path).LinkTarget;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Another user's process: its files under net/ may be readable all the same.
            return null;
        }
    }
}
