using System.Text.RegularExpressions;

namespace IotOps.HouseTests;

/// <summary>What deploy/ gives to FleetConsole is what its feeds and the runbook need, and nothing else.</summary>
public sealed partial class ConsoleDeployment
{
    private static string Template { get; } = Repository.Read("deploy", "fleet", "console.yaml");

    private static string Unit { get; } = Repository.Read("deploy", "systemd", "fleet-console.service");

    [Fact]
    public void The_console_may_quarantine_with_the_rights_that_the_runbook_names() =>
        Actions("QuarantinePolicy").ShouldBe(
            Words().Matches(Repository.Read("src", "IotOps.Detect", "QuarantineRunbook.cs").Split("<c>iot:")[1].Split("</c>")[0].Replace("///", "", StringComparison.Ordinal))
                .Select(word => "iot:" + word.Value).Order(StringComparer.Ordinal));

    [Fact]
    public void The_console_reads_what_its_feeds_and_queries_read() =>
        Actions("ReadPolicy").ShouldBe(
            ["cloudtrail:ListPublicKeys", "iot:ListAuditFindings", "iot:SearchIndex", "logs:FilterLogEvents", "s3:GetObject", "s3:ListBucket", "sqs:DeleteMessage", "sqs:ReceiveMessage"]);

    [Fact]
    public void Nothing_that_writes_is_granted_on_everything() =>
        Statements(Template).Where(statement => statement.Contains("Resource: '*'", StringComparison.Ordinal)).SelectMany(Names)
            .ShouldBe(["cloudtrail:ListPublicKeys", "iot:ListAuditFindings", "iot:ListAttachedPolicies", "iot:ListThings"], ignoreOrder: true);

    [Fact]
    public void Every_right_says_what_for_and_quarantines_are_off_unless_asked_for()
    {
        string[] lines = Template.Split('\n');
        for (int i = 1; i < lines.Length; i++)
        {
            if (lines[i].Contains("- Effect: Allow", StringComparison.Ordinal))
            {
                lines[i - 1].TrimStart().ShouldStartWith("#", customMessage: $"console.yaml:{i + 1}");
            }
        }

        Template.ShouldContain("    AllowedValues: ['true', 'false']\n    Default: 'false'\n    Description: Whether responders quarantine");
        Template.Split("\n  QuarantinePolicy:\n")[1].ShouldContain("Condition: HasQuarantine");
    }

    [Fact]
    public void The_unit_keeps_secrets_off_the_command_line_and_its_store_to_itself()
    {
        string start = Unit.Split("\nExecStart=")[1].Split('\n')[0];

        start.ShouldBe("/usr/local/lib/fleet-console/FleetConsole --config /etc/fleet-console/console.json5 --data /var/lib/fleet-console $FEEDS");
        Unit.ShouldContain("EnvironmentFile=/etc/fleet-console/environment");
        Unit.ShouldContain("StateDirectory=fleet-console\nStateDirectoryMode=0700\n");
        Unit.ShouldContain("UMask=0077");
        Unit.ShouldNotContain("User=root");
    }

    private static string[] Actions(string policy) => [.. Statements(Template.Split($"\n  {policy}:\n")[1].Split("\n\n")[0]).SelectMany(Names).Order(StringComparer.Ordinal)];

    private static IEnumerable<string> Statements(string text) => text.Split("- Effect: Allow").Skip(1);

    private static IEnumerable<string> Names(string statement) => Action().Matches(statement.Split("Action:")[1].Split('\n')[0]).Select(match => match.Value);

    [GeneratedRegex("[a-z0-9]+:[A-Za-z]+", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Action();

    [GeneratedRegex("[A-Za-z]+", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Words();
}
