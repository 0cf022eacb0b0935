using System.Globalization;
using System.Runtime.InteropServices;

namespace IotOps.TestKit;

/// <summary>
/// The process's umask while a test runs, and who may use what the test made. The umask is the whole process's: tests that set it run alone.
/// </summary>
public sealed partial class UnixModes : IDisposable
{
    /// <summary>The collection of tests that set the umask.</summary>
    public const string Collection = "umask";

    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    private readonly uint _before;

    /// <param name="umask">In octal digits, such as <c>022</c>.</param>
    public UnixModes(string umask)
    {
        if (!OperatingSystem.IsWindows())
        {
            _before = SetUmask(Convert.ToUInt32(umask, 8));
        }
    }

    /// <summary>A directory and everything below it that others than its owner may use, with its mode.</summary>
    public static IReadOnlyList<string> OpenToOthers(string directory)
    {
        List<string> open = [];
        if (OperatingSystem.IsWindows())
        {
            return open;
        }

        foreach (string path in (string[])[directory, .. Directory.GetFileSystemEntries(directory, "*", SearchOption.AllDirectories)])
        {
            UnixFileMode mode = File.GetUnixFileMode(path);
            if ((mode & Others) != UnixFileMode.None)
            {
                open.Add($"{path} {Convert.ToString((int)mode, 8).PadLeft(4, '0')}");
            }
        }

        return open;
    }

    /// <summary>Gives a file or directory a mode, in octal digits.</summary>
    public static void Set(string path, string mode)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, (UnixFileMode)Convert.ToInt32(mode, 8));
        }
    }

    /// <summary>Gives a name, also a link itself, to another user; only root can.</summary>
    public static void Own(string path, uint user)
    {
        if (ChangeOwner(path, user, user) != 0)
        {
            throw new IOException($"{path}: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    /// <summary>Makes a FIFO.</summary>
    public static void MakeFifo(string path)
    {
        if (CreateFifo(path, Convert.ToUInt32("644", 8)) != 0)
        {
            throw new IOException($"{path}: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    /// <summary>The mode of a file or directory, in octal digits.</summary>
    public static string Get(string path) =>
        OperatingSystem.IsWindows() ? "" : Convert.ToString((int)File.GetUnixFileMode(path), 8).ToString(CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!OperatingSystem.IsWindows())
        {
            _ = SetUmask(_before);
        }
    }

    [LibraryImport("libc", EntryPoint = "lchown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ChangeOwner(string path, uint user, uint group);

    [LibraryImport("libc", EntryPoint = "mkfifo", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int CreateFifo(string path, uint mode);

    [LibraryImport("libc", EntryPoint = "umask")]
    private static partial uint SetUmask(uint mask);
}
