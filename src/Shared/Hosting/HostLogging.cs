using Microsoft.Extensions.Logging;

namespace IotOps.Shared;

/// <summary>
/// The host's logging for a service that may be made before it: a logger provider may need the service, and the host's logger factory needs its
/// providers, so a service that asked for the factory when it is made would wait for itself. Messages are held until the host has started, up to
/// <see cref="Most"/> of them, and then logged by the host's factory.
/// </summary>
internal sealed class HostLogging : ILoggerFactory
{
    /// <summary>Messages that are held; later ones are dropped, because the first say what went wrong.</summary>
    public const int Most = 256;

    private readonly Lock _lock = new();
    private readonly List<Action> _held = [];
    private readonly Dictionary<string, HostLogger> _loggers = new(StringComparer.Ordinal);
    private ILoggerFactory? _factory;

    /// <summary>Passes on what was held, and everything from now on. A second call does nothing.</summary>
    /// <param name="factory">The host's; null when it has none.</param>
    public void Attach(ILoggerFactory? factory)
    {
        List<Action> held;
        lock (_lock)
        {
            if (factory is null || _factory is not null)
            {
                _held.Clear();
                return;
            }

            _factory = factory;
            foreach ((string category, HostLogger logger) in _loggers)
            {
                logger.Target = factory.CreateLogger(category);
            }

            held = [.. _held];
            _held.Clear();
        }

        held.ForEach(static message => message());
    }

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName)
    {
        lock (_lock)
        {
            if (!_loggers.TryGetValue(categoryName, out HostLogger? logger))
            {
                logger = new HostLogger(this) { Target = Create(categoryName) };
                _loggers.Add(categoryName, logger);
            }

            return logger;
        }
    }

    /// <inheritdoc/>
    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("Add providers to the host's logging.");

    /// <summary>Does nothing: the host owns its factory.</summary>
    public void Dispose()
    {
    }

    private ILogger? Create(string category)
    {
        try
        {
            return _factory?.CreateLogger(category);
        }
        catch (ObjectDisposedException)
        {
            // The host has stopped; the service that still logs is disposed after its factory.
            return null;
        }
    }

    private void Hold(Action message)
    {
        lock (_lock)
        {
            if (_factory is null)
            {
                if (_held.Count < Most)
                {
                    _held.Add(message);
                }

                return;
            }
        }

        // Attached in between.
        message();
    }

    private sealed class HostLogger(HostLogging owner) : ILogger
    {
        private volatile ILogger? _target;

        public ILogger? Target
        {
            set => _target = value;
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => _target?.BeginScope(state);

        // Which levels the host wants is not known before it has started: its details are not worth their memory.
        public bool IsEnabled(LogLevel logLevel) => _target?.IsEnabled(logLevel) ?? logLevel >= LogLevel.Information;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (_target is { } target)
            {
                target.Log(logLevel, eventId, state, exception, formatter);
            }
            else if (IsEnabled(logLevel))
            {
                owner.Hold(() => _target?.Log(logLevel, eventId, state, exception, formatter));
            }
        }
    }
}
