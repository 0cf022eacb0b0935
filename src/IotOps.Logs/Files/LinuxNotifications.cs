using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace IotOps.Logs.Files;

/// <summary>The kernel's own words on changes in directories: inotify, and a handle that ends the wait for it.</summary>
[SupportedOSPlatform("linux")]
internal sealed partial class LinuxNotifications : IDisposable
{
    private const int NonBlockingCloseOnExec = 0x80800;
    private const uint Changes = 0x2 | 0x8 | 0x40 | 0x80 | 0x100 | 0x200;
    private const uint OnlyDirectories = 0x01000000;
    private const short Readable = 1;

    private readonly SafeFileHandle _inotify;
    private readonly SafeFileHandle _wake;

    /// <exception cref="IOException">The system has no more of them for this user.</exception>
    public LinuxNotifications()
    {
        _inotify = InotifyInit(NonBlockingCloseOnExec);
        if (_inotify.IsInvalid)
        {
            throw Refused(_inotify);
        }

        _wake = EventFd(0, NonBlockingCloseOnExec);
        if (_wake.IsInvalid)
        {
            throw Refused(_inotify);
        }
    }

    /// <summary>Begins to watch a directory, or goes on. False, with the reason, when the system refuses; a missing directory is no refusal.</summary>
    public bool TryWatch(string directory, out string reason)
    {
        const int NoEntry = 2;
        const int NotADirectory = 20;
        reason = "";
        if (AddWatch(_inotify, directory, Changes | OnlyDirectories) >= 0 || Marshal.GetLastPInvokeError() is NoEntry or NotADirectory)
        {
            return true;
        }

        reason = Marshal.GetLastPInvokeErrorMessage();
        return false;
    }

    /// <summary>Blocks until something changed (true) or <see cref="Wake"/> was called (false).</summary>
    public bool Wait() => Poll([_inotify, _wake], Timeout.Infinite) != 1;

    /// <summary>Lets some time pass; false when <see cref="Wake"/> was called meanwhile.</summary>
    public bool Pause(TimeSpan time) => Poll([_wake], (int)time.TotalMilliseconds) < 0;

    /// <summary>Takes what was told, without looking at it: what changed is seen by looking at the files.</summary>
    public void Drain(Span<byte> buffer)
    {
        while (Read(_inotify, buffer, buffer.Length) == buffer.Length)
        {
        }
    }

    public void Wake() => _ = Write(_wake, [1, 0, 0, 0, 0, 0, 0, 0], sizeof(long));

    public void Dispose()
    {
        _inotify.Dispose();
        _wake.Dispose();
    }

    private static IOException Refused(SafeFileHandle inotify)
    {
        // The reason first: every later call overwrites it.
        string reason = Marshal.GetLastPInvokeErrorMessage();
        inotify.Dispose();
        return new IOException(reason);
    }

    /// <summary>The index of the first handle that is readable; -1 when the time ran out.</summary>
    private static int Poll(ReadOnlySpan<SafeFileHandle> handles, int milliseconds)
    {
        Span<PollDescriptor> descriptors = stackalloc PollDescriptor[handles.Length];
        for (int i = 0; i < handles.Length; i++)
        {
            descriptors[i] = new PollDescriptor { Handle = (int)handles[i].DangerousGetHandle(), Wanted = Readable };
        }

        int ready = PollAll(descriptors, (nuint)handles.Length, milliseconds);
        for (int i = handles.Length - 1; ready > 0 && i >= 0; i--)
        {
            if (descriptors[i].Ready != 0)
            {
                return i;
            }
        }

        return -1;
    }

    [LibraryImport("libc", EntryPoint = "inotify_init1", SetLastError = true)]
    private static partial SafeFileHandle InotifyInit(int flags);

    [LibraryImport("libc", EntryPoint = "inotify_add_watch", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int AddWatch(SafeFileHandle inotify, string path, uint mask);

    [LibraryImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    private static partial SafeFileHandle EventFd(uint initial, int flags);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static partial int PollAll(Span<PollDescriptor> descriptors, nuint count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    private static partial nint Read(SafeFileHandle handle, Span<byte> buffer, nint count);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint Write(SafeFileHandle handle, ReadOnlySpan<byte> buffer, nint count);

    [StructLayout(LayoutKind.Sequential)]
    private struct PollDescriptor
    {
        public int Handle;
        public short Wanted;
        public short Ready;
    }
}
