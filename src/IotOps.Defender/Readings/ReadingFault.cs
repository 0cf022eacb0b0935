using System.ComponentModel;
using Microsoft.Extensions.Logging;

namespace IotOps.Defender.Readings;

/// <summary>Whether something could be read last time, so that it is told once and not with each report.</summary>
internal sealed class ReadingFault(string block, ILogger logger)
{
    private bool _isFailing;

    /// <summary>What reading may throw: the file is not there, not ours to read, not as it should be, or the system has nothing like it.</summary>
    public static bool Covers(Exception e) =>
        e is IOException or UnauthorizedAccessException or InvalidDataException or Win32Exception or PlatformNotSupportedException;

    public void Failed(Exception e)
    {
        if (!_isFailing)
        {
            _isFailing = true;
            Log.Unreadable(logger, block, e.Message);
        }
    }

    public void Succeeded()
    {
        if (_isFailing)
        {
            _isFailing = false;
            Log.Readable(logger, block);
        }
    }
}
