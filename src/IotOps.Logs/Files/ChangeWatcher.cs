using System.Runtime.Versioning;
using Microsoft.Extensions.Logging;

namespace IotOps.Logs.Files;

/// <summary>Says that something changed in the watched directories, at most some twenty times a second. Only a hint: looking is the truth.</summary>
[SupportedOSPlatform("linux")]
internal sealed class ChangeWatcher : IDisposable
{
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan EndWithin = TimeSpan.FromSeconds(2);

    private readonly LinuxNotifications _notifications;
    private readonly Action _onChange;
    private readonly TimeSpan _pollInterval;
    private readonly ILogger _logger;
    private readonly Thread _thread;
    private volatile bool _ending;
    private bool _refused;

    private ChangeWatcher(LinuxNotifications notifications, Action onChange, TimeSpan pollInterval, ILogger logger)
    {
        (_notifications, _onChange, _pollInterval, _logger) = (notifications, onChange, pollInterval, logger);
        _thread = new Thread(Run, 64 << 10) { IsBackground = true, Name = "IotOps log changes" };
        _thread.Start();
    }

    /// <summary>Null when the system has none to give: files are polled then.</summary>
    public static ChangeWatcher? TryStart(Action onChange, TimeSpan pollInterval, ILogger logger)
    {
        try
        {
            return new ChangeWatcher(new LinuxNotifications(), onChange, pollInterval, logger);
        }
        catch (IOException e)
        {
            Log.NoNotifications(logger, "any directory", e.Message, pollInterval.TotalSeconds);
            return null;
        }
    }

    /// <summary>Watches these too. Asked again for the same ones, it watches what has their names now.</summary>
    public void Watch(IEnumerable<string> directories)
    {
        foreach (string directory in directories)
        {
            if (!_notifications.TryWatch(directory, out string reason) && !_refused)
            {
                _refused = true;
                Log.NoNotifications(_logger, directory, reason, _pollInterval.TotalSeconds);
            }
        }
    }

    public void Dispose()
    {
        _ending = true;
        _notifications.Wake();
        if (_thread.Join(EndWithin))
        {
            _notifications.Dispose();
        }
    }

    private void Run()
    {
        Span<byte> buffer = stackalloc byte[16 << 10];
        while (!_ending && _notifications.Wait())
        {
            _notifications.Drain(buffer);
            _onChange();

            // A writer that never rests must cost no more than polling.
            if (!_notifications.Pause(Quiet))
            {
                break;
            }
        }
    }
}
