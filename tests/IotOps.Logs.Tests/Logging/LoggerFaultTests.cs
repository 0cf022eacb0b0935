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

    [Fact]
    public void Values_are_json_of_their_own_kind_in_every_culture()
    {
        System.Globalization.CultureInfo before = System.Globalization.CultureInfo.CurrentCulture;
        try
        {
            var german = (System.Globalization.CultureInfo)System.Globalization.CultureInfo.InvariantCulture.Clone();
            german.NumberFormat.NumberDecimalSeparator = ",";
            german.DateTimeFormat.ShortDatePattern = "dd.MM.yyyy";
            System.Globalization.CultureInfo.CurrentCulture = german;
            string text = Log(CloudWatchLogFormat.Json, static logger =>
            {
                using (logger.BeginScope(new Dictionary<string, string>(StringComparer.Ordinal) { ["device"] = "d1" }))
                {
#pragma warning disable CA2017, CA2023, CA2254 // One name twice is the case.
                    logger.LogWarning(
                        "{Ids} {Map} {Day} {Half} {Id} {Id}", new[] { 1, 2 }, new Dictionary<string, int>(StringComparer.Ordinal) { ["a"] = 1 },
                        new DateOnly(2026, 1, 2), (Half)1.5, 1, 2);
#pragma warning restore CA2017, CA2023, CA2254
                }
            });

            using var json = JsonDocument.Parse(text);
            JsonElement state = json.RootElement.GetProperty("state");
            state.GetProperty("Ids").GetRawText().ShouldBe("[1,2]");
            state.GetProperty("Map").GetRawText().ShouldBe("{\"a\":1}");
            state.GetProperty("Day").GetString().ShouldBe("2026-01-02");
            state.GetProperty("Half").GetDouble().ShouldBe(1.5);
            state.GetProperty("Id").GetInt32().ShouldBe(1);
            state.GetProperty("Id_2").GetInt32().ShouldBe(2);
            json.RootElement.GetProperty("scopes")[0].GetProperty("device").GetString().ShouldBe("d1");
        }
        finally
        {
            System.Globalization.CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void A_dictionary_as_a_scope_is_its_members_in_text() =>
        Log(CloudWatchLogFormat.Text, static logger =>
        {
            using (logger.BeginScope(new Dictionary<string, string>(StringComparer.Ordinal) { ["device"] = "d1" }))
            {
                logger.LogWarning("important message");
            }
        }).ShouldContain("=> device=d1");

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

        // A checksum before it may hold a brace, too.
        return format == CloudWatchLogFormat.Json ? all[all.IndexOf("{\"timestamp\"", StringComparison.Ordinal)..] : all;
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
