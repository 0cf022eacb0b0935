using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace IotOps.SlackExport.Tests.Lambda;

/// <summary>AWS Lambda's runtime API, for one function: hands out the events that a test queues, and notes what was asked in what order.</summary>
internal sealed class FakeRuntimeApi : IAsyncDisposable
{
    private readonly HttpListener _listener;
    private readonly Task _loop;
    private readonly SemaphoreSlim _ready = new(0);
    private readonly ConcurrentQueue<string> _events = new();
    private readonly Lock _lock = new();
    private readonly List<string> _calls = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _next;

    public FakeRuntimeApi()
    {
        (_listener, Address) = Listen();
        _loop = AcceptAsync();
    }

    /// <summary>Value of AWS_LAMBDA_RUNTIME_API.</summary>
    public string Address { get; }

    /// <summary>Milliseconds from now that an event's deadline is away.</summary>
    public int DeadlineMs { get; set; } = 30_000;

    /// <summary>What was asked, such as <c>next</c> and <c>response 1 {...}</c>.</summary>
    public IReadOnlyList<string> Calls
    {
        get { lock (_lock) { return [.. _calls]; } }
    }

    public void Queue(string payload)
    {
        _events.Enqueue(payload);
        _ready.Release();
    }

    public async Task WaitForCallsAsync(int count, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (_calls.Count >= count)
                {
                    return;
                }

                changed = _changed.Task;
            }

            await changed.WaitAsync(cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _loop;
        _ready.Dispose();
    }

    private static (HttpListener Listener, string Address) Listen()
    {
        while (true)
        {
            using var free = new TcpListener(IPAddress.Loopback, 0);
            free.Start();
            int port = ((IPEndPoint)free.LocalEndpoint).Port;
            free.Stop();
            var listener = new HttpListener { Prefixes = { $"http://127.0.0.1:{port}/" } };
            try
            {
                listener.Start();
                return (listener, $"127.0.0.1:{port}");
            }
            catch (HttpListenerException)
            {
                // Somebody else took the port in between.
                listener.Close();
            }
        }
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            await ServeAsync(context);
        }
    }

    private async Task ServeAsync(HttpListenerContext context)
    {
        string[] path = context.Request.Url!.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries);
        using var reader = new StreamReader(context.Request.InputStream);
        string body = await reader.ReadToEndAsync();
        if (path[^1] != "next")
        {
            Note($"{path[^1]} {path[^2]} {body}");
            context.Response.StatusCode = 202;
            context.Response.Close();
            return;
        }

        Note("next");
        _ = AnswerNextAsync(context);
    }

    private async Task AnswerNextAsync(HttpListenerContext context)
    {
        try
        {
            await _ready.WaitAsync();
            _events.TryDequeue(out string? payload);
            context.Response.AddHeader("Lambda-Runtime-Aws-Request-Id", $"{++_next}");
            context.Response.AddHeader("Lambda-Runtime-Deadline-Ms", $"{TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() + DeadlineMs}");
            await using var writer = new StreamWriter(context.Response.OutputStream);
            await writer.WriteAsync(payload);
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private void Note(string call)
    {
        lock (_lock)
        {
            _calls.Add(call);
            _changed.SetResult();
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }
}
