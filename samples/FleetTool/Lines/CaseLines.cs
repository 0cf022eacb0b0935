using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using IotOps.Samples.Lines;

namespace IotOps.Samples.FleetTool.Lines;

/// <summary>
/// The filter mode of a command: JSON Lines in, one case a line, and one line out for each, in order: <c>{"id":...,"result":...}</c> with the
/// case's own id. A line that cannot be answered gets the result <c>{"error":"line 3: ..."}</c>, and the next one follows. Memory holds one
/// line, however many there are.
/// </summary>
internal static class CaseLines
{
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = 512 };

    /// <summary>The filter's help line.</summary>
    public static CommandLine.CommandOption Option { get; } =
        new("--lines", null, "Filter: JSON Lines on stdin, one case a line; answers {\"id\":...,\"result\":...} a line, in order.");

    /// <summary>Answers standard input on standard output.</summary>
    /// <param name="answer">Writes one value, the result of a case. What it throws of a bad case becomes the line's error.</param>
    /// <param name="cancellationToken">Ends the filter between two lines.</param>
    /// <returns>The exit code: 1 when a line could not be answered.</returns>
    public static async Task<int> RunAsync(Action<JsonElement, Utf8JsonWriter> answer, CancellationToken cancellationToken = default)
    {
        await using Stream input = Console.OpenStandardInput();
        await using Stream output = Console.OpenStandardOutput();
        return await RunAsync(input, output, answer, cancellationToken);
    }

    /// <summary>Answers one stream on another.</summary>
    public static async Task<int> RunAsync(
        Stream input, Stream output, Action<JsonElement, Utf8JsonWriter> answer, CancellationToken cancellationToken, int maxLineBytes = LineReader.MaxBytes)
    {
        using var lines = new LineReader(input, maxLineBytes);
        var answers = new ArrayBufferWriter<byte>();
        var result = new ArrayBufferWriter<byte>();
        bool isGood = true;
        while (await lines.NextAsync(cancellationToken))
        {
            if (!lines.IsBlank)
            {
                isGood &= Answer(lines, answer, result, answers);
            }

            // Whoever writes a case and waits for its answer gets it; a file is answered in large pieces.
            if (answers.WrittenCount > 64 << 10 || !lines.HasMore)
            {
                await output.WriteAsync(answers.WrittenMemory, cancellationToken);
                await output.FlushAsync(cancellationToken);
                answers.ResetWrittenCount();
            }
        }

        return isGood ? 0 : 1;
    }

    private static bool Answer(LineReader lines, Action<JsonElement, Utf8JsonWriter> answer, ArrayBufferWriter<byte> result, ArrayBufferWriter<byte> answers)
    {
        JsonDocument? document = null;
        string? error = null;
        result.ResetWrittenCount();
        try
        {
            document = lines.IsTooLong
                ? throw new FormatException($"longer than {lines.LimitBytes} bytes")
                : JsonDocument.Parse(lines.Line, Deep);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                throw new FormatException("a case is an object");
            }

            using var json = new Utf8JsonWriter(result, Readable);
            answer(document.RootElement, json);
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidDataException or ArgumentException or InvalidOperationException or KeyNotFoundException)
        {
            error = $"line {lines.Number}: {e.Message}";
        }

        using (document)
        {
            Write(document, result.WrittenSpan, error, answers);
        }

        return error is null;
    }

    private static void Write(JsonDocument? document, ReadOnlySpan<byte> result, string? error, ArrayBufferWriter<byte> answers)
    {
        using (var json = new Utf8JsonWriter(answers, Readable))
        {
            json.WriteStartObject();
            json.WritePropertyName("id"u8);
            if (document?.RootElement is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty("id"u8, out JsonElement id))
            {
                json.WriteRawValue(id.GetRawText(), skipInputValidation: true);
            }
            else
            {
                json.WriteNullValue();
            }

            json.WritePropertyName("result"u8);
            if (error is null)
            {
                json.WriteRawValue(result, skipInputValidation: true);
            }
            else
            {
                json.WriteStartObject();
                json.WriteString("error"u8, error);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        answers.Write("\n"u8);
    }
}
