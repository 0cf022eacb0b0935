using System.Text.Json;
using System.Text.RegularExpressions;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.Runtime;
using IotOps.Detect;
using IotOps.Fleet;

namespace IotOps.HouseTests;

/// <summary>What deploy/fleet makes is what the packages read.</summary>
public sealed partial class FleetDeployment
{
    private const string ReportTopic = "iotops/defender/{thing}";

    private static string Detect { get; } = Repository.Read("deploy", "fleet", "detect.yaml");

    private static string Template { get; } = Repository.Read("deploy", "fleet", "template.yaml");

    [Fact]
    public void The_rules_of_detection_have_the_SQL_of_DetectRules_word_for_word()
    {
        Sql("ReportRule").ShouldBe(DetectRules.ReportSql(ReportTopic));
        Sql("LifecycleRule").ShouldBe(DetectRules.LifecycleSql);
        Sql("MessageRule").ShouldBe(DetectRules.MessagesSql("#"));
        Rules().ShouldAllBe(rule => Resource(rule).Contains($"AwsIotSqlVersion: '{DetectRules.SqlVersion}'", StringComparison.Ordinal));
    }

    [Fact]
    public void Errors_of_devices_start_the_workflow_with_who_said_so() =>
        Sql("ErrorRule").ShouldBe("SELECT *, clientid() AS clientId, principal() AS principal, topic() AS topic, traceid() AS traceId FROM 'iotops/status/+' WHERE status = 'error'");

    [Fact]
    public void Every_rule_has_an_error_action_and_a_role_of_its_own_names()
    {
        Rules().Length.ShouldBe(4);
        Rules().ShouldAllBe(rule => Resource(rule).Contains("        ErrorAction:\n          Sqs: { QueueUrl: !Ref EventQueue,", StringComparison.Ordinal));
        Rules().ShouldAllBe(rule => Resource(rule).Contains("RuleName: !Sub ${RulePrefix}_", StringComparison.Ordinal));
        Resource("RuleRole").ShouldContain("rule/${RulePrefix}_*");
    }

    // A rule's action and the notifications of an audit come as services, which a key of AWS's own does not let in.
    [Fact]
    public void Every_queue_is_encrypted_standard_and_ends_in_dead_letters()
    {
        string[] queues = Resources("AWS::SQS::Queue");

        queues.ShouldBe(["DetectQueue", "DetectDeadLetters", "EventQueue", "EventDeadLetters"]);
        queues.ShouldAllBe(queue => Resource(queue).Contains("SqsManagedSseEnabled: true", StringComparison.Ordinal));
        queues.ShouldAllBe(queue => queue.EndsWith("DeadLetters", StringComparison.Ordinal) || Resource(queue).Contains("RedrivePolicy:", StringComparison.Ordinal));
        Template.ShouldNotContain("FifoQueue");
        Template.ShouldNotContain(".fifo");
    }

    // One setting an account: a stack that makes it takes it from whoever has it.
    [Theory]
    [InlineData("CreateLogging", "AWS::IoT::Logging")]
    [InlineData("CreateAudit", "AWS::IoT::AccountAuditConfiguration")]
    [InlineData("ConfigureIndexing", "Custom::FleetIndexing")]
    public void Settings_of_the_whole_account_are_off_unless_asked_for(string parameter, string type)
    {
        Resource(parameter).ShouldContain("Default: 'false'");
        string condition = Template.Split('\n').Single(line => line.EndsWith($": !Equals [!Ref {parameter}, 'true']", StringComparison.Ordinal)).Trim().Split(':')[0];
        Resources(type).Length.ShouldBe(1);
        Resource(Resources(type)[0]).ShouldContain($"Condition: {condition}\n");
    }

    [Fact]
    public void The_daily_audit_runs_the_checks_of_severity_high_and_critical()
    {
        string[] severe = [.. AuditChecks.HighAndCritical.Order(StringComparer.Ordinal)];

        string[] named = [.. Resource("DailyAudit").Split('\n').Select(line => line.Trim()).Where(line => line.StartsWith("- ", StringComparison.Ordinal)).Select(line => line[2..]).Order(StringComparer.Ordinal)];

        severe.Length.ShouldBe(10);
        named.ShouldBe(severe);
        Resource("AuditConfiguration").Split("Check: { Enabled: true }").Length.ShouldBe(11);
    }

    [Fact]
    public void The_trail_logs_management_and_every_data_event_of_Greengrass_and_proves_its_files()
    {
        string trail = Resource("Trail");

        trail.ShouldContain("IsMultiRegionTrail: true");
        trail.ShouldContain("EnableLogFileValidation: true");
        trail.ShouldContain("ApiCallRateInsight");
        trail.ShouldContain("ApiErrorRateInsight");
        trail.ShouldContain("{ Field: eventCategory, Equals: [Management] }");
        string[] types = [.. trail.Split("resources.type, Equals: ['").Skip(1).Select(part => part.Split('\'')[0]).Order(StringComparer.Ordinal)];
        types.ShouldBe(GreengrassTypes());
    }

    [Fact]
    public void Logging_is_at_error_level_with_the_two_events_that_are_off_by_themselves()
    {
        string logging = Resource("Logging");

        logging.ShouldContain("DefaultLogLevel: ERROR");
        logging.ShouldContain("EventType: Ping,");
        logging.ShouldContain("EventType: Connection.AuthNError,");
    }

    [Fact]
    public void A_device_publishes_reports_under_its_own_name_only()
    {
        string policy = Resource("DevicePolicy");

        policy.ShouldContain($"topic/{ReportTopic.Replace("{thing}", "${!iot:Connection.Thing.ThingName}", StringComparison.Ordinal)}'");
        policy.ShouldContain("'iot:Connection.Thing.IsAttached': 'true'");
        policy.Split('\n').Where(line => line.Contains("- !Sub", StringComparison.Ordinal) || line.Contains("client/", StringComparison.Ordinal))
            .ShouldAllBe(line => line.Contains("${!iot:Connection.Thing.ThingName}", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Connect.AuthError")]
    [InlineData("PublishIn.AuthError")]
    [InlineData("RuleMessageThrottled")]
    public void Operators_are_alarmed_by(string metric) =>
        Resources("AWS::CloudWatch::Alarm").Select(Resource).Where(alarm => alarm.Contains($"MetricName: {metric}", StringComparison.Ordinal)).ShouldHaveSingleItem().ShouldContain("AlarmActions: [!Ref AlarmTopic]");

    // The page that the alarms name is there, and says what to do at each.
    [Fact]
    public void Every_alarm_has_its_paragraph_for_the_responder()
    {
        string page = Repository.Read("docs", "operating-a-fleet.md");

        page.ShouldContain("## What to do at an alarm");
        foreach (string alarm in Resources("AWS::CloudWatch::Alarm"))
        {
            string name = Resource(alarm).Split("AlarmName: !Sub ${AWS::StackName}-")[1].Split('\n')[0];
            page.ShouldContain($"`{name}`");
        }
    }

    [Fact]
    public void The_example_of_routes_names_what_the_stack_sends()
    {
        string routes = Repository.Read("deploy", "fleet", "routes.json5");

        routes.ShouldContain("taskStatus");
        routes.ShouldContain("failures");
        Repository.Read("deploy", "fleet", "Dockerfile.dockerignore").Split('\n')[1].ShouldBe("*", "what is taken is listed");
    }

    // The table of the stack is the one that the store reads: it would find nothing by an index of another name.
    [Fact]
    public async Task The_table_of_detection_has_the_shape_that_the_store_makes()
    {
        using var dynamo = new RecordingDynamo();
        await using var store = new DynamoDetectStore(dynamo, new DynamoDetectStoreOptions { Table = "t" });
        await store.CreateTableAsync(TestContext.Current.CancellationToken);
        CreateTableRequest made = dynamo.Made!;
        string table = Detect.Split("\n  DetectTable:\n")[1].Split("\n\n")[0];

        string[] attributes = [.. made.AttributeDefinitions.Select(one => $"        - {{ AttributeName: {one.AttributeName}, AttributeType: {one.AttributeType} }}")];
        GlobalSecondaryIndex index = made.GlobalSecondaryIndexes.ShouldHaveSingleItem();
        string[] lines =
        [
            $"      BillingMode: {made.BillingMode}",
            "      AttributeDefinitions:",
            .. attributes,
            "      KeySchema:",
            .. made.KeySchema.Select(key => $"        - {{ AttributeName: {key.AttributeName}, KeyType: {key.KeyType} }}"),
            "      GlobalSecondaryIndexes:",
            $"        - IndexName: {index.IndexName}",
            "          KeySchema:",
            .. index.KeySchema.Select(key => $"            - {{ AttributeName: {key.AttributeName}, KeyType: {key.KeyType} }}"),
            $"          Projection: {{ ProjectionType: {index.Projection.ProjectionType} }}",
        ];
        table.ShouldContain(string.Join('\n', lines));
    }

    [Fact]
    public void The_workers_of_detection_may_do_what_they_need_and_nothing_else()
    {
        string role = Detect.Split("\n  WorkerRole:\n")[1].Split("\n\n")[0];
        string[] actions = [.. ActionName().Matches(role).Select(match => match.Value).Where(action => !action.StartsWith("sts:", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

        actions.ShouldBe(
        [
            "dynamodb:BatchGetItem", "dynamodb:BatchWriteItem", "dynamodb:DeleteItem", "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query", "dynamodb:Scan", "dynamodb:UpdateItem",
            "iot:ListThings", "iot:ListThingsInThingGroup", "sns:Publish", "sqs:DeleteMessage", "sqs:ReceiveMessage",
        ]);
        role.Split("Resource: '*'").Length.ShouldBe(2, "ListThings alone has no resources");
        Detect.ShouldContain("ReadonlyRootFilesystem: true");
        Detect.ShouldNotContain("SecurityGroupIngress");
    }

    [Fact]
    public void The_image_has_the_profiles_and_the_settings_of_detection()
    {
        string image = Repository.Read("deploy", "fleet", "Dockerfile");
        string[] taken = Repository.Read("deploy", "fleet", "Dockerfile.dockerignore").Split('\n');

        foreach (string name in new[] { "deploy/fleet/routes.json5", "deploy/fleet/detect.json5", "deploy/fleet/profiles" })
        {
            image.ShouldContain(name);
            taken.ShouldContain("!" + name, StringComparer.Ordinal);
        }

        image.ShouldContain("--chown=1654:1654 /data/ /data/");
    }

    private static string[] GreengrassTypes()
    {
        using JsonDocument selectors = JsonDocument.Parse(EventSelectors.AllGreengrassData().ToUtf8Json());
        return
        [
            .. selectors.RootElement.EnumerateArray().SelectMany(selector => selector.GetProperty("FieldSelectors").EnumerateArray())
                .Where(field => field.GetProperty("Field").GetString() == "resources.type")
                .SelectMany(field => field.GetProperty("Equals").EnumerateArray()).Select(type => type.GetString()!).Order(StringComparer.Ordinal),
        ];
    }

    private static string[] Rules() => Resources("AWS::IoT::TopicRule");

    private static string Sql(string rule) => Resource(rule).Split("Sql: \"")[1].Split("\"\n")[0];

    private static string[] Resources(string type) =>
        [.. Template.Split("\n  ").Select(part => part.Split('\n')[0]).Zip(Template.Split("\n  ").Skip(1).Select(part => part.Split('\n')[0]))
            .Where(pair => pair.Second == $"  Type: {type}").Select(pair => pair.First.TrimEnd(':'))];

    private static string Resource(string name) => Template.Split($"\n  {name}:\n")[1].Split("\n\n")[0] + "\n";

    [GeneratedRegex("(?:dynamodb|iot|sns|sqs|sts|logs|ecr):[A-Za-z*]+", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex ActionName();

    // Answers nothing over the network.
    private sealed class RecordingDynamo() : AmazonDynamoDBClient(new BasicAWSCredentials("a", "b"), Amazon.RegionEndpoint.EUWest1)
    {
        public CreateTableRequest? Made { get; private set; }

        public override Task<CreateTableResponse> CreateTableAsync(CreateTableRequest request, CancellationToken cancellationToken = default)
        {
            Made = request;
            return Task.FromResult(new CreateTableResponse());
        }

        public override Task<DescribeTableResponse> DescribeTableAsync(string tableName, CancellationToken cancellationToken = default) =>
            Task.FromResult(new DescribeTableResponse { Table = new TableDescription { TableStatus = TableStatus.ACTIVE } });
    }
}
