namespace IotOps.HouseTests;

/// <summary>What deploy/ says is held to what the programs are.</summary>
public sealed class Deployment
{
    public static TheoryData<string> Templates => ["slack-export/template.yaml", "slack-export/cross-account.yaml", "fleet/template.yaml", "fleet/router.yaml"];

    [Theory]
    [MemberData(nameof(Templates))]
    public void Every_right_that_is_granted_says_what_for(string template)
    {
        string[] lines = Repository.Read("deploy", template).Split('\n');
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
        string[] wide = [.. Templates.SelectMany(t => Statements(Repository.Read("deploy", t.Data)))
            .Where(s => s.Contains("Resource: '*'", StringComparison.Ordinal))
            .SelectMany(Actions)
            .Distinct(StringComparer.Ordinal)];

        wide.ShouldBe(["batch:ListJobs", "ecr:GetAuthorizationToken", "iot:ListAuditFindings", "iot:UpdateIndexingConfiguration"], ignoreOrder: true);
    }

    [Theory]
    [MemberData(nameof(Templates))]
    public void No_action_is_a_wildcard(string template) =>
        Statements(Repository.Read("deploy", template)).SelectMany(s => s.Split('\n')).Where(l => l.Contains("Action:", StringComparison.Ordinal)).ShouldAllBe(l => !l.Contains('*'));

    [Fact]
    public void Function_and_job_have_the_rights_that_they_need_prefix_by_prefix()
    {
        string template = Repository.Read("deploy", "slack-export", "template.yaml");

        RightsByPrefix(template, "CommandRole").ShouldBe(
        [
            "slack/requests: DeleteObject GetObject PutObject", "slack/replay: GetObject PutObject", "slack/quota: GetObject PutObject",
            "slack/download: GetObject PutObject", "slack/iot-logs: DeleteObject GetObject",
        ]);
        RightsByPrefix(template, "JobRole").ShouldBe(
        [
            "lifecycle: GetObject", "telemetry: GetObject", "commands: GetObject", "slack/requests: GetObject", "slack/download: PutObject",
            "slack/iot-logs: AbortMultipartUpload DeleteObject GetObject ListMultipartUploadParts PutObject",
        ]);
        RightsByPrefix(Repository.Read("deploy", "slack-export", "cross-account.yaml"), "SubmitRole").ShouldBe(
        [
            "slack/requests: DeleteObject GetObject PutObject", "slack/download: GetObject PutObject", "slack/iot-logs: DeleteObject GetObject",
        ]);
    }

    [Fact]
    public void No_variable_of_the_stack_resolves_a_secret() =>
        Repository.Read("deploy", "slack-export", "template.yaml").ShouldNotContain("{{resolve:");

    [Fact]
    public void The_bucket_takes_nothing_without_TLS_and_expires_only_what_is_below_slack()
    {
        string template = Repository.Read("deploy", "slack-export", "template.yaml");
        string policy = template.Split("  LogBucketPolicy:")[1].Split("\n\n")[0];

        policy.ShouldContain("Effect: Deny");
        policy.ShouldContain("'aws:SecureTransport': 'false'");
        policy.ShouldContain("!Sub ${LogBucket.Arn}/*");
        template.Split('\n').Select(l => l.Trim()).Where(l => l.StartsWith("Prefix:", StringComparison.Ordinal)).ShouldBe(["Prefix: slack/"]);
    }

    [Fact]
    public void Images_are_named_by_their_digests_and_the_jobs_root_is_read_only()
    {
        string template = Repository.Read("deploy", "slack-export", "template.yaml");
        string[] bases = [.. Repository.Read("deploy", "slack-export", "Dockerfile").Split('\n').Where(l => l.StartsWith("FROM ", StringComparison.Ordinal) && !l.StartsWith("FROM scratch", StringComparison.Ordinal))];

        template.ShouldContain("Image: !Sub ${Repository.RepositoryUri}@${ImageDigest}");
        template.ShouldContain("ReadonlyRootFilesystem: true");
        template.ShouldContain("{ SourceVolume: scratch, ContainerPath: /tmp, ReadOnly: false }");
        bases.Length.ShouldBe(2);
        bases.ShouldAllBe(line => line.Contains("@${", StringComparison.Ordinal));
        Repository.Read("deploy", "slack-export", "Dockerfile.dockerignore").Split('\n')[1].ShouldBe("*", "what is taken is listed");
    }

    // In the old, global name space only the first account anywhere gets a bucket's name.
    [Fact]
    public void The_bucket_is_in_the_accounts_own_name_space()
    {
        string template = Repository.Read("deploy", "slack-export", "template.yaml");

        template.ShouldContain("BucketNamespace: account-regional");
        template.ShouldNotContain("BucketName: !Ref");
    }

    [Fact]
    public void Only_the_tag_latest_of_the_image_can_be_pushed_again()
    {
        string[] filters = [.. Repository.Read("deploy", "slack-export", "template.yaml").Split('\n')
            .Where(l => l.Contains("ImageTagMutabilityExclusionFilterValue", StringComparison.Ordinal)).Select(static l => l.Split(':')[1].Trim())];

        Repository.Read("deploy", "slack-export", "template.yaml").ShouldContain("ImageTagMutability: IMMUTABLE_WITH_EXCLUSION");
        filters.ShouldBe(["latest"]);
    }

    // Batch reads the rules in turn: what ends an attempt for good comes last.
    [Fact]
    public void A_container_that_never_ran_is_tried_again()
    {
        string rules = Repository.Read("deploy", "slack-export", "template.yaml").Split("EvaluateOnExit:")[1].Split("Parameters:")[0];

        foreach (string reason in (string[])["OnReason: CannotPull*", "OnReason: ResourceInitializationError*"])
        {
            int at = rules.IndexOf(reason, StringComparison.Ordinal);
            at.ShouldBeGreaterThan(0);
            rules[at..].Split("Action:")[1].ShouldStartWith(" RETRY");
            at.ShouldBeLessThan(rules.IndexOf("OnReason: '*'", StringComparison.Ordinal));
        }
    }

    // "prefix: actions" of each statement about objects of a role, in their order; a statement about several prefixes shows as such.
    private static IEnumerable<string> RightsByPrefix(string template, string role) =>
        Statements(template.Split($"\n  {role}:")[1].Split("\n\n")[0])
            .Where(s => Prefixes(s).Any())
            .Select(s => $"{string.Join(" + ", Prefixes(s))}: {string.Join(' ', Actions(s).Select(a => a.Split(':')[1]).Order(StringComparer.Ordinal))}");

    private static IEnumerable<string> Prefixes(string statement) =>
        statement.Split("Bucket").Where(part => part.StartsWith("}/", StringComparison.Ordinal) || part.StartsWith("Name}/", StringComparison.Ordinal))
            .Select(part => part[(part.IndexOf('/') + 1)..part.IndexOf("/*", StringComparison.Ordinal)]);

    // Who may assume a role is no right of the role.
    private static bool IsTrust(string[] lines, int i) => lines[i + 1].TrimStart().StartsWith("Principal:", StringComparison.Ordinal);

    private static IEnumerable<string> Statements(string template) => template.Split("- Effect: Allow").Skip(1).Select(static s => s.Split("\n\n")[0].Split("- Effect: Deny")[0]);

    private static bool IsCondition(string line) => line == "- !If" || line.StartsWith("- Has", StringComparison.Ordinal);

    // service:Operation, among ARNs and YAML keys.
    private static IEnumerable<string> Actions(string statement) => statement.Split([' ', ',', '[', ']', '\'', '\n'])
        .Where(word => word.Split(':') is [{ Length: > 0 } service, { Length: > 0 } operation] && service.All(static c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c)) && char.IsAsciiLetterUpper(operation[0]));
}
