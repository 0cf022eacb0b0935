using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace IotOps.Shared;

/// <summary>The one thing that .NET has no API for: making a rename durable.</summary>
[SupportedOSPlatform("linux")]
internal static partial class LinuxDirectory
{
    private const int ReadOnlyCloseOnExec = 0x80000;

    /// <summary>Puts a directory's entries on the disk, so that a rename in it survives a power cut.</summary>
    /// <exception cref="IOException">The system refused.</exception>
    public static void Flush(string path)
    {
        using SafeFileHandle directory = Open(path, ReadOnlyCloseOnExec);
        if (directory.IsInvalid || FSync(directory) != 0)
        {
            throw new IOException($"The directory '{path}' cannot be flushed to the disk: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FSync(SafeFileHandle handle);
}
