namespace IotOps.HouseTests;

/// <summary>What deploy/ says is held to what the programs are.</summary>
public sealed class Deployment
{
    public static TheoryData<string> Templates => ["template.yaml", "cross-account.yaml"];

    [Theory]
    [MemberData(nameof(Templates))]
    public void Every_right_that_is_granted_says_what_for(string template)
    {
        string[] lines = Repository.Read("deploy", "slack-export", template).Split('\n');
        int granted = 0;
        for (int i = 0; i < lines.Length; i++)
        {
            if (!lines[i].Contains("- Effect: Allow", StringComparison.Ordinal) || IsTrust(lines, i))
            {
                continue;
            }

            granted++;
            int above = i - 1;
            while (IsCondition(lines[above].Trim()))
            {
                above--;
            }

            lines[above].TrimStart().ShouldStartWith("#", customMessage: $"{template}:{i + 1}");
        }

        granted.ShouldBeGreaterThan(3);
    }

    [Fact]
    public void No_right_is_granted_on_everything_but_where_AWS_knows_nothing_smaller()
    {
        string[] wide = [.. Templates.SelectMany(t => Statements(Repository.Read("deploy", "slack-export", t.Data)))
            .Where(s => s.Contains("Resource: '*'", StringComparison.Ordinal))
            .SelectMany(Actions)
            .Distinct(StringComparer.Ordinal)];

        wide.ShouldBe(["batch:ListJobs", "ecr:GetAuthorizationToken"], ignoreOrder: true);
    }

    [Theory]
    [MemberData(nameof(Templates))]
    public void No_action_is_a_wildcard(string template) =>
        Repository.Read("deploy", "slack-export", template).Split('\n').Where(l => l.Contains("Action:", StringComparison.Ordinal)).ShouldAllBe(l => !l.Contains('*'));

    // Who may assume a role is no right of the role.
    private static bool IsTrust(string[] lines, int i) => lines[i + 1].TrimStart().StartsWith("Principal:", StringComparison.Ordinal);

    private static IEnumerable<string> Statements(string template) => template.Split("- Effect: Allow").Skip(1);

    private static bool IsCondition(string line) => line == "- !If" || line.StartsWith("- Has", StringComparison.Ordinal);

    // service:Operation, among ARNs and YAML keys.
    private static IEnumerable<string> Actions(string statement) => statement.Split([' ', ',', '[', ']', '\'', '\n'])
        .Where(word => word.Split(':') is [{ Length: > 0 } service, { Length: > 0 } operation] && service.All(char.IsAsciiLetterLower) && char.IsAsciiLetterUpper(operation[0]));
}
