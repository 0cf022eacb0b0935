using IotOps.Samples.Logging;
using IotOps.TestKit;
using Microsoft.Extensions.Logging;

namespace IotOps.Samples.Tests.Logging;

public sealed class LineLoggerTests
{
    [Fact]
    public void Text_that_comes_from_a_name_or_a_peer_begins_no_line_of_its_own()
    {
        string written = Write(logger => logger.LogWarning("Tailing {Path}", "/var/log/a\n2026-11-29T00:00:00.000Z fail X[1] FORGED\r\u001b[2J\u0085\u2028\u2029\u009b.log"));

        written.ShouldEndWith("warn test[0] Tailing /var/log/a\\n2026-11-29T00:00:00.000Z fail X[1] FORGED\\u000d\\u001b[2J\\u0085\\u2028\\u2029\\u009b.log\n");
        written.Count(c => c == '\n').ShouldBe(1);
    }

    [Fact]
    public void Lines_of_an_exception_are_indented()
    {
        string written = Write(logger => logger.LogError(new InvalidOperationException("one\n2026-11-29T00:00:00.000Z fail X[1] FORGED"), "Failed"));

        string[] lines = written.TrimEnd('\n').Split('\n');
        lines[0].ShouldEndWith("fail test[0] Failed: System.InvalidOperationException: one");
        lines.Skip(1).ShouldAllBe(line => line.StartsWith("    "));
    }

    [Fact]
    public void Other_text_stays_as_it_is() =>
        Write(logger => logger.LogInformation("Grüße 😀 \\n a b")).ShouldEndWith("info test[0] Grüße 😀 \\n a b\n");

    private static string Write(Action<ILogger> log)
    {
        using var writer = new StringWriter { NewLine = "\n" };
        using var provider = new LineLoggerProvider(writer, new ManualTimeProvider());
        log(provider.CreateLogger("test"));
        return writer.ToString();
    }
}
