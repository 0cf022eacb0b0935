using System.Text.Json.Nodes;

namespace IotOps.Emulator.Tests;

/// <summary>What the service answered.</summary>
internal sealed record LogsAnswer(int Status, string? Code, string? Message, JsonObject Result);
