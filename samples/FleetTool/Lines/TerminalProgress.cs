namespace IotOps.Samples.FleetTool.Lines;

/// <summary>One line on a terminal, renewed a few times a second; nothing where standard error goes to a file.</summary>
internal sealed class TerminalProgress(TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private readonly bool _isShown = !Console.IsErrorRedirected;
    private long _last = clock.GetTimestamp();
    private bool _isThere;

    /// <summary>Shows a text when it is time to. Costs a look at the clock: not for each of a million calls.</summary>
    public void Show(Func<string> text)
    {
        if (_isShown && clock.GetElapsedTime(_last) >= Interval)
        {
            _last = clock.GetTimestamp();
            _isThere = true;
            Console.Error.Write($"\r{text()}\u001B[K");
        }
    }

    /// <summary>Takes the line away, before something else is printed.</summary>
    public void Clear()
    {
        if (_isThere)
        {
            Console.Error.Write("\r\u001B[K");
            _isThere = false;
        }
    }

    public void Dispose() => Clear();
}
