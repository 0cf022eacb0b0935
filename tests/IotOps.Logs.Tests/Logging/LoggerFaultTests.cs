using System.Text.Json;
using IotOps.TestKit;
using Microsoft.Extensions.Logging;

namespace IotOps.Logs.Tests.Logging;

/// <summary>Parts of a message that throw when they are asked for their text: nothing reaches the caller, and the rest of the message arrives.</summary>
public sealed class LoggerFaultTests : IDisposable
{
    private readonly TempDirectory _state = new();

    public void Dispose() => _state.Dispose();

    [Theory]
    [InlineData(CloudWatchLogFormat.Text)]
    [InlineData(CloudWatchLogFormat.Json)]
    public void A_scope_that_throws_costs_only_itself(CloudWatchLogFormat format)
    {
        string text = Log(format, static logger =>
        {
            using (logger.BeginScope("outer"))
            using (logger.BeginScope(new Throwing()))
            {
                logger.LogWarning("important message {X}", 5);
            }
        });

        text.ShouldContain("warn");
        text.ShouldContain("My.Pump");
        text.ShouldContain("important message 5");
        text.ShouldContain("outer");
        text.ShouldContain("ObjectDisposedException");
    }

    [Theory]
    [InlineData(CloudWatchLogFormat.Text)]
    [InlineData(CloudWatchLogFormat.Json)]
    public void An_exception_whose_text_throws_costs_only_its_text(CloudWatchLogFormat format)
    {
        string text = Log(format, static logger => logger.LogWarning(new ThrowingException(), "important message {X}", 5));

        text.ShouldContain("important message 5");
        text.ShouldContain(nameof(ThrowingException));
    }

    [Theory]
    [InlineData(CloudWatchLogFormat.Text)]
    [InlineData(CloudWatchLogFormat.Json)]
    public void A_message_whose_formatter_returns_nothing_or_throws_keeps_its_level_scopes_and_exception(CloudWatchLogFormat format)
    {
        string nothing = Log(format, static logger =>
        {
            using (logger.BeginScope("outer"))
            {
                logger.Log<string>(LogLevel.Warning, 3, "the state", new InvalidOperationException("broken"), static (_, _) => null!);
            }
        });
        string threw = Log(format, static logger =>
        {
            using (logger.BeginScope("outer"))
            {
                logger.Log<string>(LogLevel.Warning, 3, "the state", new InvalidOperationException("broken"), static (_, _) => throw new FormatException());
            }
        });

        foreach (string text in (string[])[nothing, threw])
        {
            text.ShouldContain("outer");
            text.ShouldContain("broken");
            text.ShouldContain("the state");
        }
    }

    [Fact]
    public void Properties_that_throw_or_have_no_name_cost_only_themselves()
    {
        string text = Log(CloudWatchLogFormat.Json, static logger => logger.Log<IReadOnlyList<KeyValuePair<string, object?>>>(
            LogLevel.Warning,
            7,
            [new("Bad", new Throwing()), new(null!, "nameless"), new("Good", 42)],
            null,
            static (_, _) => "important message"));

        using var json = JsonDocument.Parse(text);
        json.RootElement.GetProperty("message").GetString().ShouldBe("important message");
        json.RootElement.GetProperty("state").GetProperty("Good").GetInt32().ShouldBe(42);
        json.RootElement.GetProperty("state").GetProperty("Bad").GetString()!.ShouldContain("ObjectDisposedException");
    }

    [Theory]
    [InlineData(CloudWatchLogFormat.Text)]
    [InlineData(CloudWatchLogFormat.Json)]
    public void Values_that_throw_while_they_are_listed_cost_only_themselves(CloudWatchLogFormat format)
    {
        string text = Log(format, static logger =>
        {
            using (logger.BeginScope(Broken()))
            using (logger.BeginScope("inner"))
            {
                logger.LogWarning("important message {X}", 5);
            }
        });

        text.ShouldContain("important message 5");
        text.ShouldContain("inner");
        if (format == CloudWatchLogFormat.Json)
        {
            JsonDocument.Parse(text).Dispose();
        }

        static IEnumerable<KeyValuePair<string, object?>> Broken()
        {
            yield return new("first", 1);
            throw new InvalidOperationException("the list broke");
        }
    }

    private string Log(CloudWatchLogFormat format, Action<ILogger> log)
    {
        // Never started: what is logged stays in the spool, where the test reads it.
        string state = _state[Guid.NewGuid().ToString("N")];
        var shipper = new LogShipper(new LogShipperOptions { StateDirectory = state, Region = "us-east-1", Endpoint = new Uri("http://localhost:1") });
        using (var provider = new CloudWatchLoggerProvider(new CloudWatchLoggerOptions { Group = "g", Stream = "s", Format = format }, shipper))
        using (ILoggerFactory factory = LoggerFactory.Create(logging => logging.AddProvider(provider)))
        {
            log(factory.CreateLogger("My.Pump"));
        }

        byte[] segment = File.ReadAllBytes(Directory.GetFiles(Path.Combine(state, "spool"), "*", SearchOption.AllDirectories).Single());
        string all = System.Text.Encoding.UTF8.GetString(segment);
        return format == CloudWatchLogFormat.Json ? all[all.IndexOf('{', StringComparison.Ordinal)..] : all;
    }

    private sealed class Throwing
    {
        public override string ToString() => throw new ObjectDisposedException("HttpContext");
    }

    private sealed class ThrowingException : Exception
    {
        public override string ToString() => throw new InvalidOperationException("no text");
    }
}
