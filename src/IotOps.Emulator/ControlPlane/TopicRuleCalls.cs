using System.Text.Json;
using System.Text.RegularExpressions;
using IotOps.Emulator.Http;
using IotOps.Emulator.Mqtt.Topics;
using IotOps.Emulator.Rest;
using IotOps.Emulator.TopicRules;

namespace IotOps.Emulator.ControlPlane;

/// <summary>
/// Rules that forward messages to SQS. See https://docs.aws.amazon.com/iot/latest/apireference/API_CreateTopicRule.html and
/// https://docs.aws.amazon.com/iot/latest/developerguide/sqs-rule-action.html.
/// </summary>
internal sealed partial class TopicRuleCalls(RuleStore store, IotArns arns)
{
    public void Create(RestCall call, string name, Utf8JsonWriter output)
    {
        call.RefuseAllBut("CreateTopicRule", []);
        if (!store.TryAdd(Read(call, name)))
        {
            throw new Refusal(409, "ResourceAlreadyExistsException", $"A rule already exists with the name {name}.");
        }
    }

    public void Replace(RestCall call, string name, Utf8JsonWriter output)
    {
        call.RefuseAllBut("ReplaceTopicRule", []);
        TopicRule rule = Read(call, name) with { CreatedAt = Existing(name).CreatedAt };
        store.Set(rule);
    }

    public void Delete(RestCall call, string name, Utf8JsonWriter output)
    {
        call.RefuseAllBut("DeleteTopicRule", []);
        store.Remove(Existing(name).Name);
    }

    public void Enable(RestCall call, string name, Utf8JsonWriter output) => store.Set(Existing(name) with { IsDisabled = false });

    public void Disable(RestCall call, string name, Utf8JsonWriter output) => store.Set(Existing(name) with { IsDisabled = true });

    public void Get(RestCall call, string name, Utf8JsonWriter output)
    {
        call.RefuseAllBut("GetTopicRule", []);
        TopicRule rule = Existing(name);
        output.WriteString("ruleArn"u8, arns.Rule(call, name));
        output.WriteStartObject("rule"u8);
        output.WriteString("ruleName"u8, name);
        output.WriteString("sql"u8, rule.Sql);
        output.WriteString("description"u8, rule.Description);
        output.WriteNumber("createdAt"u8, rule.CreatedAt.ToUnixTimeMilliseconds() / 1000.0);
        output.WriteBoolean("ruleDisabled"u8, rule.IsDisabled);
        output.WriteString("awsIotSqlVersion"u8, rule.SqlVersion ?? "2015-10-08");
        output.WriteStartArray("actions"u8);
        foreach (QueueAction action in rule.Actions)
        {
            Write(action, output);
        }

        output.WriteEndArray();
        if (rule.ErrorAction is { } instead)
        {
            output.WritePropertyName("errorAction"u8);
            Write(instead, output);
        }

        output.WriteEndObject();
    }

    public void List(RestCall call, Utf8JsonWriter output)
    {
        call.RefuseAllBut("ListTopicRules", ["topic", "ruleDisabled", "maxResults", "nextToken"]);
        string? topic = call.Query.Find("topic");
        bool? disabled = call.Query.Find("ruleDisabled") is null ? null : call.Flag("ruleDisabled");
        IEnumerable<TopicRule> rules = store.All()
            .Where(rule => (topic is null || TopicFilter.Matches(rule.Statement.Filter, topic)) && (disabled is null || rule.IsDisabled == disabled));
        ListPage<TopicRule> page = ListPage.Of(rules, rule => rule.Name, call.After(), call.PageSize(max: 10_000));
        output.WriteStartArray("rules"u8);
        foreach (TopicRule rule in page.Items)
        {
            output.WriteStartObject();
            output.WriteString("ruleArn"u8, arns.Rule(call, rule.Name));
            output.WriteString("ruleName"u8, rule.Name);
            output.WriteString("topicPattern"u8, rule.Statement.Filter);
            output.WriteNumber("createdAt"u8, rule.CreatedAt.ToUnixTimeMilliseconds() / 1000.0);
            output.WriteBoolean("ruleDisabled"u8, rule.IsDisabled);
            output.WriteEndObject();
        }

        output.WriteEndArray();
        page.WriteToken(output);
    }

    private static void Write(QueueAction action, Utf8JsonWriter output)
    {
        output.WriteStartObject();
        output.WriteStartObject("sqs"u8);
        output.WriteString("roleArn"u8, action.RoleArn);
        output.WriteString("queueUrl"u8, action.QueueUrl);
        output.WriteBoolean("useBase64"u8, action.UsesBase64);
        output.WriteEndObject();
        output.WriteEndObject();
    }

    // AWS answers so for a rule that is not there: it does not say which rules there are.
    private TopicRule Existing(string name) =>
        store.Find(name) ?? throw new Refusal(401, "UnauthorizedException", $"Access to topic rule '{name}' was denied");

    private TopicRule Read(RestCall call, string name)
    {
        if (!RuleName().IsMatch(name))
        {
            throw RestCall.Invalid($"A rule's name is 1 to 128 letters, digits and underscores, not '{name}'.");
        }

        using JsonDocument document = JsonInput.Parse(call.Payload);
        var input = new JsonInput(document.RootElement);
        input.RefuseAllBut("CreateTopicRule", ["sql", "description", "actions", "ruleDisabled", "awsIotSqlVersion", "errorAction"]);
        string sql = input.Text("sql") ?? throw RestCall.Invalid("A rule has sql.");
        string? version = input.Text("awsIotSqlVersion");
        if (version is not (null or "2015-10-08" or "2016-03-23" or "beta"))
        {
            throw RestCall.Invalid($"There is no SQL version '{version}'.");
        }

        if (!input.Has("actions"))
        {
            throw RestCall.Invalid("A rule has actions, if only an empty list.");
        }

        IReadOnlyList<JsonInput> actions = input.Objects("actions");
        if (actions.Count > 10)
        {
            throw RestCall.Invalid($"A rule has at most 10 actions, not {actions.Count}.");
        }

        return new TopicRule(name, sql, RuleSql.Read(sql), [.. actions.Select(Action)], store.Now)
        {
            Description = input.Text("description"),
            SqlVersion = version,
            IsDisabled = input.Flag("ruleDisabled"),
            ErrorAction = input.Object("errorAction") is { } instead ? Action(new JsonInput(instead)) : null,
        };
    }

    private static QueueAction Action(JsonInput input)
    {
        input.RefuseAllBut("CreateTopicRule", ["sqs"]);
        var sqs = new JsonInput(input.Object("sqs") ?? throw RestCall.Invalid("An action names one service."));
        sqs.RefuseAllBut("SQS action", ["roleArn", "queueUrl", "useBase64"]);
        string role = sqs.Text("roleArn") ?? throw RestCall.Invalid("The sqs action has a roleArn.");
        string url = sqs.Text("queueUrl") ?? throw RestCall.Invalid("The sqs action has a queueUrl.");
        return url.EndsWith(".fifo", StringComparison.Ordinal)
            ? throw RestCall.Invalid($"The SQS action takes standard queues only, and {url} is a FIFO queue.")
            : new QueueAction(role, url, sqs.Flag("useBase64"));
    }

    [GeneratedRegex(@"^[a-zA-Z0-9_]{1,128}\z", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex RuleName();
}
