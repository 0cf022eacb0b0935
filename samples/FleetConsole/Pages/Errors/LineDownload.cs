using System.Buffers;
using System.Text;
using IotOps.Samples.FleetConsole.Frame;
using IotOps.Samples.FleetConsole.Store;

namespace IotOps.Samples.FleetConsole.Pages.Errors;

/// <summary>The lines of a view as a file, page by page: it takes no more memory for a million lines, and ends when the browser does.</summary>
internal static class LineDownload
{
    private const int PageSize = 1_000;

    public static async Task<IResult> WriteAsync(HttpContext context, IConsoleStore store, TimeProvider timeProvider, long id)
    {
        ErrorsView view;
        LineFilter filter;
        try
        {
            (view, filter) = (ErrorsView.Parse(context.Request.Query), LineFilter.Parse(context.Request.Query));
        }
        catch (ViewException e)
        {
            return new ProblemResult(StatusCodes.Status400BadRequest, "These lines cannot be", e.Message);
        }

        LineQuery query = filter.Query(view.Query(timeProvider.GetUtcNow()) with { Template = id });
        context.Response.ContentType = "application/x-ndjson; charset=utf-8";
        context.Response.Headers.ContentDisposition = $"attachment; filename=template-{id}.jsonl";
        LineKey? after = null;
        do
        {
            LinePage page = await store.ReadLinesAsync(query, after, PageSize, context.RequestAborted);
            foreach (LogLineRow line in page.Lines)
            {
                context.Response.BodyWriter.Write(Encoding.UTF8.GetBytes(line.Line.ReplaceLineEndings(" ") + "\n"));
            }

            await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
            after = page.Next;
        }
        while (after is not null);
        return Results.Empty;
    }
}
