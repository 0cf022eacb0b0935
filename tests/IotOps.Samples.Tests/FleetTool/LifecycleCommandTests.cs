namespace IotOps.Samples.Tests.FleetTool;

public sealed class LifecycleCommandTests
{
    private const string Events = """
        {"clientId":"b","timestamp":1767225600000,"eventType":"connected","sessionIdentifier":"B","principalIdentifier":"p1","ipAddress":"192.0.2.7","versionNumber":0}
        {"clientId":"a","timestamp":1767225601000,"eventType":"disconnected","sessionIdentifier":"A","disconnectReason":"CONNECTION_LOST","versionNumber":3}
        {"clientId":"a","timestamp":1767225600000,"eventType":"connected","sessionIdentifier":"A","versionNumber":3}
        {"clientId":"b","eventType":"connected"}
        {"clientId":"b","timestamp":1767225602000,"eventType":"connected","sessionIdentifier":"C","principalIdentifier":"p2","ipAddress":"192.0.2.7","versionNumber":1}

        """;

    [Fact]
    public async Task Alarms_and_clients_come_out_and_a_bad_line_is_told()
    {
        (int exit, string output, string error) = await FleetProcess.RunAsync(Events, "lifecycle");

        output.ReplaceLineEndings("\n").ShouldBe("""
            2026-01-01 00:00:02Z NewPrincipal b: it connected as p2, which it never did before
            a  disconnected (CONNECTION_LOST) since 2026-01-01 00:00:01Z
            b  connected since 2026-01-01 00:00:02Z

            """.ReplaceLineEndings("\n"));
        error.ShouldBe($"FleetTool: line 4: A lifecycle event has a timestamp in milliseconds since 1970.{Environment.NewLine}");
        exit.ShouldBe(1);
    }

    [Fact]
    public async Task Only_those_offline_come_out_as_JSON_when_asked_for() =>
        (await FleetProcess.RunAsync(Events, "lifecycle", "--offline", "--json")).Output.ReplaceLineEndings("\n").Split('\n')[1]
            .ShouldBe("""{"clientId":"a","connected":false,"since":"2026-01-01T00:00:01+00:00","disconnectReason":"CONNECTION_LOST"}""");

    [Fact]
    public async Task The_filter_answers_the_state_and_the_reports() =>
        (await FleetProcess.RunAsync(
            """{"id":1,"arrivals":[{"at":1000,"event":{"clientId":"a","timestamp":0,"eventType":"disconnected","sessionIdentifier":"A","versionNumber":3}}]}""", "lifecycle", "--lines")).Output
            .ShouldBe("""{"id":1,"result":{"state":"disconnected","offlineReports":1}}""" + "\n");
}
