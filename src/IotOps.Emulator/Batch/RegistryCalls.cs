using System.Text.Json;

namespace IotOps.Emulator.Batch;

/// <summary>The operations on job queues and job definitions.</summary>
internal sealed class RegistryCalls(BatchRegistry registry, string accountId)
{
    private const int MaxPage = 100;

    public void CreateQueue(Utf8JsonWriter json, BatchInput input, string region)
    {
        input.RefuseAllBut("jobQueueName", "state", "priority", "computeEnvironmentOrder", "tags");
        string name = Name(input.Required("jobQueueName"), "jobQueueName");
        var queue = new BatchQueue(name)
        {
            IsEnabled = IsEnabled(input) ?? true,
            Priority = BatchInput.Between(input.Number("priority"), 0, int.MaxValue, "priority") ?? throw BatchInput.Invalid("priority must not be null."),
            ComputeEnvironments = Environments(input),
            Tags = input.Tags(),
        };
        if (!registry.TryAdd(queue))
        {
            throw BatchInput.Invalid("Error executing request, Exception : Object already exists.");
        }

        WriteQueueName(json, name, region);
    }

    public void UpdateQueue(Utf8JsonWriter json, BatchInput input, string region)
    {
        input.RefuseAllBut("jobQueue", "state", "priority", "computeEnvironmentOrder");
        bool? isEnabled = IsEnabled(input);
        int? priority = BatchInput.Between(input.Number("priority"), 0, int.MaxValue, "priority");
        string[] environments = Environments(input);
        string name = "";
        registry.Change(input.Required("jobQueue"), region, queue =>
        {
            name = queue.Name;
            queue.IsEnabled = isEnabled ?? queue.IsEnabled;
            queue.Priority = priority ?? queue.Priority;
            queue.ComputeEnvironments = environments.Length > 0 ? environments : queue.ComputeEnvironments;
        });
        WriteQueueName(json, name, region);
    }

    public void DeleteQueue(BatchInput input, string region) => registry.RemoveQueue(input.Required("jobQueue"), region);

    public void DescribeQueues(Utf8JsonWriter json, BatchInput input, string region)
    {
        input.RefuseAllBut("jobQueues", "maxResults", "nextToken");
        BatchQueue[] queues = registry.Queues(input.Texts("jobQueues") ?? [], region, static queue => queue);
        BatchPage.Write(json, input, "jobQueues", MaxPage, queues, queue => WriteQueue(json, queue, region));
    }

    public void Register(Utf8JsonWriter json, BatchInput input, string region)
    {
        input.RefuseAllBut("jobDefinitionName", "type", "parameters", "containerProperties", "retryStrategy", "propagateTags", "timeout", "tags", "platformCapabilities");
        string name = Name(input.Required("jobDefinitionName"), "jobDefinitionName");
        if (input.Required("type") != "container")
        {
            throw BatchInput.Invalid("The emulator's Batch has definitions of type 'container' alone.");
        }

        BatchInput container = input.Object("containerProperties");
        ContainerShape.Check(input.Json);
        input.Flag("propagateTags");
        BatchSubmission.ReadResources(container);
        input.Tags();
        RetryStrategy retry = RetryStrategy.Read(input) ?? new RetryStrategy(1, []);
        int? seconds = BatchInput.Between(input.ObjectOf("timeout", "attemptDurationSeconds").Number("attemptDurationSeconds"), 60, int.MaxValue, "timeout.attemptDurationSeconds");
        var definition = new BatchJobDefinition
        {
            Name = name,
            Image = container.Required("image"),
            Command = container.Texts("command") ?? [],
            Environment = BatchSubmission.ReadEnvironment(container),
            Parameters = input.Map("parameters"),
            Attempts = retry.Attempts,
            EvaluateOnExit = retry.Rules,
            AttemptDuration = seconds is { } given ? TimeSpan.FromSeconds(given) : null,
        };
        int revision = registry.Add(definition, input.Json.Clone());
        WriteDefinitionName(json, name, revision, region);
    }

    public void Deregister(BatchInput input, string region) => registry.Deregister(input.Required("jobDefinition"), region);

    public void DescribeDefinitions(Utf8JsonWriter json, BatchInput input, string region)
    {
        input.RefuseAllBut("jobDefinitions", "maxResults", "jobDefinitionName", "status", "nextToken");
        HashSet<string?> wanted = [.. (input.Texts("jobDefinitions") ?? []).Select(one => registry.Name(one, "job-definition", region))];
        string? name = input.Text("jobDefinitionName");
        bool? isActive = input.Text("status") switch
        {
            null => null,
            "ACTIVE" => true,
            "INACTIVE" => false,
            var other => throw BatchInput.Invalid($"status is {other}; it is ACTIVE or INACTIVE."),
        };
        RegisteredDefinition[] found = registry.Definitions(
            one => (wanted.Count == 0 || wanted.Contains(one.Name) || wanted.Contains(one.Definition.Name)) && (name is null || one.Definition.Name == name) && (isActive is null || one.IsActive == isActive),
            static one => one);
        BatchPage.Write(json, input, "jobDefinitions", MaxPage, found, one => WriteDefinition(json, one, region));
    }

    private void WriteQueue(Utf8JsonWriter json, BatchQueue queue, string region)
    {
        json.WriteStartObject();
        WriteQueueName(json, queue.Name, region);
        json.WriteString("state"u8, queue.IsEnabled ? "ENABLED"u8 : "DISABLED"u8);
        json.WriteString("status"u8, "VALID"u8);
        json.WriteString("statusReason"u8, "JobQueue Healthy"u8);
        json.WriteNumber("priority"u8, queue.Priority);
        json.WriteStartArray("computeEnvironmentOrder"u8);
        for (int i = 0; i < queue.ComputeEnvironments.Count; i++)
        {
            json.WriteStartObject();
            json.WriteNumber("order"u8, i + 1);
            json.WriteString("computeEnvironment"u8, queue.ComputeEnvironments[i]);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        BatchAnswers.Write(json, "tags", queue.Tags);
        json.WriteEndObject();
    }

    private void WriteDefinition(Utf8JsonWriter json, RegisteredDefinition one, string region)
    {
        json.WriteStartObject();
        WriteDefinitionName(json, one.Definition.Name, one.Revision, region);
        json.WriteString("status"u8, one.IsActive ? "ACTIVE"u8 : "INACTIVE"u8);
        json.WriteString("type"u8, "container"u8);
        json.WriteString("containerOrchestrationType"u8, "ECS"u8);
        BatchAnswers.Write(json, "parameters", one.Definition.Parameters);
        new RetryStrategy(one.Definition.Attempts, one.Definition.EvaluateOnExit).Write(json);
        if (one.Request is { } request)
        {
            foreach (JsonProperty member in request.EnumerateObject().Where(member => member.Name is "containerProperties" or "propagateTags" or "timeout" or "tags" or "platformCapabilities"))
            {
                member.WriteTo(json);
            }
        }

        json.WriteEndObject();
    }

    private void WriteQueueName(Utf8JsonWriter json, string name, string region)
    {
        json.WriteString("jobQueueName"u8, name);
        json.WriteString("jobQueueArn"u8, $"arn:aws:batch:{region}:{accountId}:job-queue/{name}");
    }

    private void WriteDefinitionName(Utf8JsonWriter json, string name, int revision, string region)
    {
        json.WriteString("jobDefinitionName"u8, name);
        json.WriteString("jobDefinitionArn"u8, $"arn:aws:batch:{region}:{accountId}:job-definition/{name}:{revision}");
        json.WriteNumber("revision"u8, revision);
    }

    private static bool? IsEnabled(BatchInput input) => input.Text("state") switch
    {
        null => null,
        "ENABLED" => true,
        "DISABLED" => false,
        var other => throw BatchInput.Invalid($"state is {other}; it is ENABLED or DISABLED."),
    };

    private static string[] Environments(BatchInput input) =>
    [
        .. input.Array("computeEnvironmentOrder").Select(element =>
        {
            var one = new BatchInput(element);
            one.RefuseAllBut("order", "computeEnvironment");
            return (Order: one.Number("order") ?? throw BatchInput.Invalid("computeEnvironmentOrder.order must not be null."), Name: one.Required("computeEnvironment"));
        }).OrderBy(one => one.Order).Select(one => one.Name),
    ];

    private static string Name(string name, string member) =>
        BatchInput.IsName(name)
            ? name
            : throw BatchInput.Invalid($"{member} is '{name}'; it has up to 128 letters, digits, hyphens and underscores, the first of them a letter or digit.");
}
