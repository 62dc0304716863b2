-- CreateTable
CREATE TABLE "Feedback" (
    "id" TEXT NOT NULL,
    "page" TEXT NOT NULL,
    "helpful" BOOLEAN NOT NULL,
    "text" TEXT,
    "at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "Feedback_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "Feedback_page_at_idx" ON "Feedback"("page", "at");
